import type { Evidenced, Measure } from "../core/check.ts";
import { faultSpans, joinedIn } from "../core/history.ts";
import type { EventOf } from "../core/history-event.ts";
import { JoinWatch } from "../core/joining.ts";
import { settle, thinned, timeMeasurement, type Look, type Track } from "../core/track.ts";

const measured = { measure: "p2p.connection", unit: "ms" } as const;

/**
 * From when a new agent was told to join, with no fault in force, until it has 3 peers (or all there are) and a majority of the members list
 * it, in ms (spec/1-mission: < 3 s). The worst of the run's joins; those that were begun during a fault are told apart. Not measured if
 * nobody joined.
 */
export const p2pConnection: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary:
    "From a new agent told to join, with no fault in force, to 3 peers and a majority of the members that list it.",
  measure: (evidence) => {
    const joins = [...evidence.history.eventsOf("join.asked")];
    const untold = joins.filter(({ error }) => error !== null);
    const told = joins.filter(({ error }) => error === null).map((join) => joinOf(join, evidence));
    const quiet = told.filter(({ isUnderFault }) => !isUnderFault);
    const late = told.filter(({ isUnderFault }) => isUnderFault);
    const notes = [
      ...quiet.map(({ track, standing }) => `${track.subject}: ${standing}`),
      ...late.map(({ track }) => `${track.subject}, told during a fault, ${timeText(track)}`),
    ];
    const [bad] = untold;
    if (bad !== undefined) return notMeasured(`${bad.node} could not be told to join: ${bad.error}`);
    if (quiet.length === 0)
      return notMeasured(joins.length === 0 ? "nobody joined" : `${notes.join("; ")}: no other join`);
    const samples = quiet.reduce((sum, one) => sum + one.samples, 0);
    return timeMeasurement(
      quiet.map(({ track }) => track),
      { measure: measured.measure, note: notes.join("; "), samples },
    );
  },
};

interface Join {
  readonly track: Track;
  readonly samples: number;
  readonly standing: string;
  readonly isUnderFault: boolean;
}

function joinOf({ node, atMs }: EventOf<"join.asked">, { plan, history }: Evidenced): Join {
  const all = joinedIn(history);
  const before = new Set(all.slice(0, all.indexOf(node) + 1));
  const members = plan.nodes.filter((one) => before.has(one) || !plan.joiners.includes(one));
  const watch = new JoinWatch({ node, askedMs: atMs, members });
  const looks: Look[] = [];
  let samples = 0;
  for (const sample of history.eventsOf("probe.sampled")) {
    if (!watch.feed(sample)) continue;
    samples += 1;
    looks.push([sample.atMs, watch.isConnected]);
    if (watch.isConnected) break;
  }
  const track: Track = { subject: node, from: [atMs, atMs], looks: thinned(looks), holdMs: 0 };
  const isUnderFault = faultSpans(history).some(
    (span) => span.inForce > 0 && atMs >= span.startedMs && atMs <= (span.healedMs ?? Infinity),
  );
  return { track, samples, standing: watch.standing, isUnderFault };
}

function timeText(track: Track): string {
  const settled = settle(track);
  return settled.kind === "settled" ? `in ${Math.round(settled.high)} ms` : `not in ${Math.round(settled.atLeast)} ms`;
}

function notMeasured(reason: string): ReturnType<Measure["measure"]> {
  return { kind: "not-measured", ...measured, reason };
}
