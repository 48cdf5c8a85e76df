import { formatMs } from "../../core/duration.ts";
import type { History } from "../../core/history.ts";
import type { Story } from "./story.ts";

/** Something that happened at one moment, in ms since the run's start. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
  readonly isWrong: boolean;
}

const mostMoments = 8;
const mostChanges = 4;

/** The moments by which one finds one's way: later leaders, all faults gone, and what went wrong with the run itself. */
export function momentsOf({ history, faults }: Story): readonly Moment[] {
  const firstMs = faults[0]?.injectedMs ?? Infinity;
  const since = (atMs: number): string => (atMs < firstMs ? "" : `, ${formatMs(atMs - firstMs)} after the fault`);
  const changes = [...history.eventsOf("leader.changed")]
    .filter(({ atMs }) => atMs >= firstMs)
    .map(({ atMs, leader, term }) => ({ atMs, text: `${leader} leads term ${term}${since(atMs)}`, isWrong: false }));
  const healed = faults.map(({ healedMs }) => healedMs ?? Infinity);
  const goneMs = healed.length === 0 ? Infinity : Math.max(...healed);
  const gone = Number.isFinite(goneMs)
    ? [{ atMs: goneMs, text: `all faults gone${since(goneMs)}`, isWrong: false }]
    : [];
  const all = [...misfortunes(history), ...gone, ...changes.slice(0, mostChanges)];
  return all.slice(0, mostMoments);
}

function misfortunes(history: History): readonly Moment[] {
  const ended = [...history.eventsOf("node.ended")].map(({ atMs, node }) => ({
    atMs,
    text: `${node} ended by itself`,
  }));
  const missed = [...history.eventsOf("step.missed")].map(({ atMs }) => ({ atMs, text: "a step could not be done" }));
  const aborted = [...history.eventsOf("abort.watched")]
    .filter(({ met }) => met)
    .map(({ atMs, condition }) => ({ atMs, text: `abort: ${condition}` }));
  return [...ended, ...missed, ...aborted].map((moment) => ({ ...moment, isWrong: true }));
}
