import type { Link } from "../core/action.ts";
import type { Reported, Sign } from "../core/fault.ts";
import type { History } from "../core/history.ts";
import { signName } from "../core/fault.ts";
import { hookShown } from "../core/hook-in-force.ts";
import { isList, type JsonObject } from "../core/json.ts";
import { own } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import { type LatestSamples, type Sample, sampleValue } from "../core/probe.ts";
import type { Hook, Target } from "../core/target.ts";
import { ReportWatch } from "./report-watch.ts";

/** What was on its way when the fault came may still arrive for this long, in ms. */
const inFlightMs = 50;
/** So many answers in a row must be missing, whatever was asked, before a node counts as unreachable: one alone may be a slow moment. */
const missedAnswers = 2;

/** What is looked for, and how it is told. */
export interface Wanted {
  readonly signs: readonly Sign[];
  readonly hooks: Readonly<Record<string, Hook>>;
  /** The operations that the target has: a sign of any other is seen by nobody. */
  readonly offered: readonly string[];
  /** The harness's wall clock, in ms since 1970. */
  readonly wallMs: () => number;
  /** When the fault was in force, in ms since the run's start. */
  readonly sinceMs: number;
  /** A link on which nothing was heard for this long is silent, in ms. */
  readonly silentAfterMs: (link: Link) => number;
}

/**
 * The independent witness: follows what nodes themselves answer to the observers, and tells which of a fault's signs are there. It shares
 * no process and no connection with the driver. Samples asked for before the fault was in force do not count.
 */
export class SignWatch {
  readonly #wanted: Wanted;
  readonly #there = new Map<Sign, boolean>();
  readonly #missed = new Map<string, { readonly count: number; readonly lastMs: number }>();
  /** When each node gave its first answer since: what came before it may have been read only then. */
  readonly #answeredMs = new Map<string, number>();
  readonly #reports = new ReportWatch();
  /** The signs that a node's answers may show. */
  readonly #ofNode: ReadonlyMap<string, readonly Sign[]>;
  #sinceMs: number;
  #isHealed = false;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#sinceMs = wanted.sinceMs;
    this.#ofNode = Map.groupBy(wanted.signs, (sign) => ("link" in sign ? sign.link.to : sign.node));
  }

  /**
   * Takes down what nodes counted before the fault began (ms since the run's start): what they find of it before they are asked for the first time
   * is growth too.
   */
  countFrom(history: History, beganMs: number): void {
    const counting = this.#wanted.signs.filter((sign) => sign.sign === "reports" && sign.force.some(isGrowing));
    if (counting.length === 0) return;
    for (const sample of history.eventsOf("probe.sampled")) {
      if (sample.atMs > beganMs) continue;
      for (const sign of this.#ofNode.get(sample.node) ?? []) {
        if (sign.sign === "reports") this.#reports.countFrom(sign, sample);
      }
    }
  }

  /** From now on it is looked whether the signs are gone: what was seen before does not count any more. */
  beginHealed(sinceMs: number): void {
    this.#isHealed = true;
    this.#sinceMs = sinceMs;
    this.#there.clear();
    this.#missed.clear();
    this.#answeredMs.clear();
    this.#reports.beginHealed();
  }

  /** The longest time after which silence tells, in ms. */
  get silenceMs(): number {
    const { signs, silentAfterMs } = this.#wanted;
    return signs.reduce((most, sign) => (sign.sign === "unheard" ? Math.max(most, silentAfterMs(sign.link)) : most), 0);
  }

  /** The operations that have to be sampled for these signs. */
  operations(): readonly string[] {
    const { signs, hooks, offered } = this.#wanted;
    return [...new Set(signs.map((sign) => operationOf(sign, hooks)))].filter((name) => offered.includes(name));
  }

  feed(sample: Sample): void {
    this.#takeFirst(sample);
    if (sample.sentMs < this.#sinceMs) return;
    this.#countMissed(sample);
    for (const sign of this.#ofNode.get(sample.node) ?? []) {
      const isThere = this.#isThere(sign, sample);
      if (isThere !== null) this.#there.set(sign, isThere);
    }
  }

  /** A node that is held up answers late what it was asked when the fault came, and reads late what had arrived; who is asked later tells nothing of that. */
  #takeFirst({ node, sentMs, atMs, answered }: Sample): void {
    if (!answered || atMs < this.#sinceMs || this.#answeredMs.has(node)) return;
    this.#answeredMs.set(node, sentMs <= this.#sinceMs + inFlightMs ? atMs : this.#sinceMs);
  }

  /** One request may tell several operations, and is missed once. */
  #countMissed({ node, sentMs, answered }: Sample): void {
    const { count = 0, lastMs = -1 } = this.#missed.get(node) ?? {};
    this.#missed.set(node, { count: answered ? 0 : count + (sentMs === lastMs ? 0 : 1), lastMs: sentMs });
  }

  /** Names of the signs that are there, and of those that are not, as last seen. */
  seen(): { readonly seen: readonly string[]; readonly unseen: readonly string[] } {
    const isSeen = (sign: Sign): boolean => this.#there.get(sign) === true;
    const { signs } = this.#wanted;
    return {
      seen: signs.filter(isSeen).map(signName),
      unseen: signs.filter((sign) => !isSeen(sign)).map(signName),
    };
  }

  /** Whether every sign is there. */
  allSeen(): boolean {
    return this.#wanted.signs.every((sign) => this.#there.get(sign) === true);
  }

  /** Whether every sign was looked at and is not there. */
  allGone(): boolean {
    return this.#wanted.signs.every((sign) => this.#there.get(sign) === false);
  }

  /** What this sample says of this sign; null: nothing. */
  #isThere(sign: Sign, sample: Sample): boolean | null {
    switch (sign.sign) {
      case "unreachable":
        return (this.#missed.get(sign.node)?.count ?? 0) >= missedAnswers;
      case "unheard":
        return sample.probe === "peers" && sample.error === null ? this.#isUnheard(sign.link, sample) : null;
      case "hook": {
        const hook = own(this.#wanted.hooks, sign.hook);
        if (hook === undefined) return null;
        const { operation, value, equals } = hookShown(hook, sign.arguments);
        if (sample.probe !== operation) return null;
        return JSON.stringify(sampleValue(sample, value)) === JSON.stringify(equals);
      }
      case "slow":
        return sample.probe === "peers" ? isSlow(sign.link, sign.atLeastMs, sample) : null;
      case "restarted":
        return sample.probe === "health" ? isBegunAfter(this.#sinceMs, sample) : null;
      case "skewed":
        return sample.probe === "metrics" ? isSkewed(sign.offsetMs, this.#wanted.wallMs(), sample) : null;
      case "reports":
        return this.#reports.isThere(sign, sample, this.#isHealed);
    }
  }

  /** Whether the witness hears nothing of this peer any more; null: its answer does not tell. */
  #isUnheard(link: Link, sample: Sample): boolean | null {
    const peers = sampleValue(sample, "peers");
    if (!isList(peers)) return null;
    const times = sampleValue(sample, "heardMs");
    // Without times the list says who is connected now. A peer of whom nobody knows the name may be this one.
    if (times === undefined) return peers.includes(link.from) ? false : peers.includes(null) ? null : true;
    const at = peers.indexOf(link.from);
    const silentMs = this.#wanted.silentAfterMs(link);
    const hasTime = sample.sentMs - this.#sinceMs >= silentMs;
    // A peer that was given up is not heard; after healing one that was replaced meanwhile is none any more.
    if (at === -1) return this.#isHealed ? false : hasTime;
    const heardMs = isList(times) ? times[at] : undefined;
    if (heardMs === null) return hasTime;
    if (typeof heardMs !== "number") return null;
    const arrivedMs = (this.#answeredMs.get(link.to) ?? this.#sinceMs) + inFlightMs;
    return heardMs >= silentMs && (this.#isHealed || sample.atMs - heardMs <= arrivedMs);
  }
}

function isGrowing(condition: Reported): boolean {
  return "isGrowth" in condition && condition.isGrowth;
}

/** The operation by which a sign is seen. */
function operationOf(sign: Sign, hooks: Wanted["hooks"]): string {
  switch (sign.sign) {
    case "unreachable":
    case "restarted":
      return "health";
    case "unheard":
    case "slow":
      return "peers";
    case "skewed":
      return "metrics";
    case "reports":
      return sign.operation;
    case "hook":
      return shownBy(own(hooks, sign.hook), sign.arguments);
  }
}

/** Whether the latest round trip to the sender took so long; null: the node does not tell. */
function isSlow(link: Link, atLeastMs: number, sample: Sample): boolean | null {
  const [peers, times] = [sampleValue(sample, "peers"), sampleValue(sample, "rttMs")];
  const rttMs = isList(peers) && isList(times) ? times[peers.indexOf(link.from)] : undefined;
  return typeof rttMs === "number" ? rttMs >= atLeastMs : null;
}

/** Whether the node was started after that moment; null: it does not tell. */
function isBegunAfter(sinceMs: number, sample: Sample): boolean | null {
  const uptimeMs = sampleValue(sample, "uptimeMs");
  return typeof uptimeMs === "number" ? sample.sentMs - uptimeMs > sinceMs : null;
}

/** Whether the node's clock is off by half of this or more, and in the same direction; null: it does not tell. */
function isSkewed(offsetMs: number, wallMs: number, sample: Sample): boolean | null {
  const timeMs = sampleValue(sample, "timeMs");
  return typeof timeMs === "number" ? (timeMs - wallMs) / offsetMs >= 0.5 : null;
}

/** When a link of this target counts as silent, in ms: links between voters, and those of agents. */
export function silenceOf({ links }: Target, { voters }: Pick<Plan, "voters">): Wanted["silentAfterMs"] {
  const ofVoters = links?.silentAfterMs ?? 0;
  const ofAgents = links?.agents?.silentAfterMs ?? ofVoters;
  const votes = new Set(voters);
  return ({ from, to }) => (votes.has(from) && votes.has(to) ? ofVoters : ofAgents);
}

/** The signs that can be seen: not those of links over which the one end knows nothing of the other, because nobody uses them. */
export function visible(signs: readonly Sign[], peers: LatestSamples): readonly Sign[] {
  return signs.filter((sign) => {
    if (sign.sign === "unheard") return knowsAny(sign.link.to, [sign.link.from], peers);
    return sign.sign !== "reports" || sign.peers === undefined || knowsAny(sign.node, sign.peers, peers);
  });
}

/** Whether a node knows one of these as a peer, or does not tell whom it knows. */
function knowsAny(node: string, others: readonly string[], peers: LatestSamples): boolean {
  const known = sampleValue(peers.get(node), "peers");
  return !isList(known) || known.includes(null) || others.some((other) => known.includes(other));
}

function shownBy(hook: Hook | undefined, args: JsonObject): string {
  return hook === undefined ? "health" : hookShown(hook, args).operation;
}
