import type { Check } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import type { Evidence } from "../core/verdict.ts";
import { finalReadsMs } from "../core/written-keys.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "acknowledged-blocks";
/** So many losses are told one by one. */
const toldLosses = 5;
type Ended = EventOf<"block.ended">;

/**
 * Whether every block that was taken, at once or into a queue, is read back whole in the end. A refusal then is a loss; a read without an
 * answer is unknown.
 */
export const acknowledgedBlocks: Check = {
  name,
  guards: "data",
  summary: "In the end every block that was taken, at once or into a queue, is read back as it was put.",
  check: ({ history }) => {
    const finalMs = finalReadsMs(history);
    if (finalMs === null) return unknownVerdict(name, "the run did not come to its final reads");
    const all = [...history.eventsOf("block.ended")];
    const taken = all.filter(({ kind, outcome, block }) => kind === "put" && outcome === "ok" && block !== "");
    if (taken.length === 0) return unknownVerdict(name, "no block was taken");
    const finals = Map.groupBy(
      all.filter(({ kind, sentMs }) => kind === "get" && sentMs >= finalMs),
      ({ block }) => block,
    );
    const [first, ...losses] = taken.flatMap((put) => lossOf(put, finals.get(put.block) ?? []) ?? []);
    if (first !== undefined) {
      return { check: name, status: "fail", evidence: [first, ...losses.slice(0, toldLosses - 1)] };
    }
    const unread = taken.filter(({ block }) => !(finals.get(block) ?? []).some(({ outcome }) => outcome === "ok"));
    if (unread.length > 0)
      return unknownVerdict(name, `in the end nobody told what ${unread.length} of ${taken.length} blocks hold`);
    const queued = taken.filter(({ says }) => says === "queued").length;
    const text = `all ${taken.length} blocks that were taken were read back whole in the end, ${queued} of them had been queued`;
    return { check: name, status: "pass", evidence: [{ text }] };
  },
};

function lossOf(put: Ended, finals: readonly Ended[]): Evidence | null {
  const lost = finals.find(({ outcome, intact }) => outcome === "fail" || intact === false);
  if (lost === undefined) return null;
  const how = lost.intact === false ? "came back changed" : `was refused (${lost.error ?? "no reason"})`;
  const taken = put.says === null ? "taken" : put.says;
  const text = `block ${put.block.slice(0, 12)} was ${taken} by ${put.node} at ${put.atMs} ms, and ${how} when ${lost.node} was asked for it in the end`;
  return { text, nodes: [put.node, lost.node], atMs: [put.atMs, lost.atMs] };
}
