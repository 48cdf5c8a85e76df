import type { History, Operation } from "../../core/history.ts";
import { sampleValue } from "../../core/probe.ts";

/** Who acknowledged from when to when, in ms since the run's start. */
export interface Reign {
  readonly leader: string;
  readonly term: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A stretch of time, in ms since the run's start. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Two who acknowledged at once: the earlier term went on after a later one had begun, or one term had two leaders. */
export interface Double extends Stretch {
  readonly old: Reign;
  readonly other: Reign;
}

/** Who led when, as acknowledged operations and what nodes say of themselves show it. */
export interface Leadership {
  /** A stretch without an acknowledgement for longer than this counts as one without a leader, in ms. */
  readonly pauseMs: number;
  readonly reigns: readonly Reign[];
  readonly leaderless: readonly Stretch[];
  readonly doubles: readonly Double[];
  /** Nodes that said that they lead an earlier term, after a later one had acknowledged something. */
  readonly claims: readonly Reign[];
}

const leastPauseMs = 250;

interface Acknowledged {
  readonly leader: string;
  readonly term: number;
  readonly times: number[];
  /** When those were sent that were acknowledged, in the same order. */
  readonly sent: number[];
}

/** Told from what any client sees. Nothing where answers name no leader. */
export function leadershipOf(history: History): Leadership {
  const groups = new Map<string, Acknowledged>();
  let firstSentMs = Infinity;
  let lastEndMs = 0;
  let count = 0;
  for (const operation of history.operations()) {
    firstSentMs = Math.min(firstSentMs, operation.invokedMs);
    lastEndMs = Math.max(lastEndMs, Math.min(operation.completedMs, history.endMs));
    if (operation.outcome !== "ok" || operation.term === null || operation.leader === null) continue;
    note(groups, operation);
    count += 1;
  }
  const spanMs = Math.max(0, lastEndMs - firstSentMs);
  const pauseMs = count === 0 ? leastPauseMs : Math.max(leastPauseMs, (spanMs / count) * 10);
  const byTerm = [...groups.values()].sort((left, right) => left.term - right.term);
  const reigns = byTerm.flatMap((group) => reignsOf(group, pauseMs)).sort((left, right) => left.fromMs - right.fromMs);
  const leaderless = count === 0 ? [] : pausesBetween(reigns, { fromMs: firstSentMs, toMs: lastEndMs }, pauseMs);
  return { pauseMs, reigns, leaderless, doubles: doublesOf(byTerm), claims: claimsOf(history, byTerm) };
}

function note(groups: Map<string, Acknowledged>, { leader, term, invokedMs, completedMs }: Operation): void {
  if (leader === null || term === null) return;
  const key = `${term} ${leader}`;
  const group = groups.get(key) ?? { leader, term, times: [], sent: [] };
  group.times.push(completedMs);
  group.sent.push(invokedMs);
  groups.set(key, group);
}

function reignsOf({ leader, term, times }: Acknowledged, pauseMs: number): readonly Reign[] {
  const reigns: Reign[] = [];
  let from: number | null = null;
  let last = 0;
  for (const at of times.toSorted((left, right) => left - right)) {
    if (from !== null && at - last > pauseMs) {
      reigns.push({ leader, term, fromMs: from, toMs: last });
      from = at;
    }
    from ??= at;
    last = at;
  }
  return from === null ? reigns : [...reigns, { leader, term, fromMs: from, toMs: last }];
}

function pausesBetween(reigns: readonly Reign[], whole: Stretch, pauseMs: number): readonly Stretch[] {
  const pauses: Stretch[] = [];
  let reached = whole.fromMs;
  for (const { fromMs, toMs } of reigns) {
    if (fromMs - reached > pauseMs) pauses.push({ fromMs: reached, toMs: fromMs });
    reached = Math.max(reached, toMs);
  }
  return whole.toMs - reached > pauseMs ? [...pauses, { fromMs: reached, toMs: whole.toMs }] : pauses;
}

/** Only what was sent after the other had acknowledged counts: what was under way when the term changed is no second leader. */
function doublesOf(groups: readonly Acknowledged[]): readonly Double[] {
  return groups.flatMap((old) =>
    groups.flatMap((other): readonly Double[] => {
      const isRival = other.term > old.term || (other.term === old.term && other.leader > old.leader);
      if (!isRival) return [];
      const fromMs = least(other.times);
      const until = old.times.filter((_, index) => (old.sent[index] ?? 0) > fromMs);
      if (until.length === 0) return [];
      const toMs = most(until);
      return [{ fromMs, toMs, old: reignOf(old), other: reignOf(other) }];
    }),
  );
}

function claimsOf(history: History, groups: readonly Acknowledged[]): readonly Reign[] {
  const claims = new Map<string, Reign>();
  const begun = groups.map(({ term, times }) => ({ term, atMs: least(times) }));
  for (const sample of history.eventsOf("probe.sampled")) {
    const term = sampleValue(sample, "term");
    if (sample.probe !== "leader" || typeof term !== "number") continue;
    if (sampleValue(sample, "leader") !== sample.node) continue;
    const deposedMs = least(begun.filter((one) => one.term > term).map(({ atMs }) => atMs));
    if (sample.sentMs < deposedMs) continue;
    const key = `${term} ${sample.node}`;
    const known = claims.get(key);
    claims.set(key, { leader: sample.node, term, fromMs: known?.fromMs ?? sample.atMs, toMs: sample.atMs });
  }
  return [...claims.values()];
}

function reignOf({ leader, term, times }: Acknowledged): Reign {
  return { leader, term, fromMs: least(times), toMs: most(times) };
}

// Not by spreading: a run has more operations than a call may have arguments.
function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}
