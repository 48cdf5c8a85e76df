import type { Check } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import { type Held, heldFaults } from "../core/under-fault.ts";
import type { Evidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "degrades-as-promised";
type Ended = EventOf<"block.ended">;

/**
 * Whether nodes whose storage is failed go on in the degraded way that is promised ("reads degraded but answering, writes
 * queued"): at least one read of theirs is answered whole, and at least one write is taken into the queue. Unknown where nothing was tried.
 */
export const degradesAsPromised: Check = {
  name,
  summary: "Nodes whose storage is failed answer reads all the same, and take writes into a queue.",
  check: ({ plan, history }) => {
    const failures = [
      ...heldFaults(plan, history, "service-failure").filter(({ step }) => step.params["service"] === "storage"),
      ...heldFaults(plan, history, "folder-failure"),
    ];
    if (failures.length === 0) return unknownVerdict(name, "no failure of a storage took hold");
    const blocks = [...history.eventsOf("block.ended")];
    const told = failures.map((failure) => toldOf(failure, blocks));
    const [first, ...rest] = told.flatMap(({ broken }) => broken ?? []);
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    const untried = told.flatMap(({ untried: what }) => what ?? []);
    const [kept, ...others] = told.flatMap(({ kept: evidence }) => evidence ?? []);
    if (untried.length > 0 || kept === undefined) return unknownVerdict(name, untried.join("; "));
    return { check: name, status: "pass", evidence: [kept, ...others] };
  },
};

interface Told {
  readonly kept: Evidence | null;
  readonly broken: Evidence | null;
  readonly untried: string | null;
}

function toldOf({ span, nodes, fromMs, toMs }: Held, blocks: readonly Ended[]): Told {
  const hit = new Set(nodes);
  const tried = blocks.filter(({ node, sentMs, atMs }) => hit.has(node) && sentMs >= fromMs && atMs <= toMs);
  const gets = tried.filter(({ kind }) => kind === "get");
  const puts = tried.filter(({ kind }) => kind === "put");
  const read = gets.filter(({ outcome, intact }) => outcome === "ok" && intact === true).length;
  const queued = puts.filter(({ outcome, says }) => outcome === "ok" && says === "queued").length;
  const degraded = gets.filter(({ says }) => says === "degraded").length;
  const text = `${span.fault}: ${read} of ${gets.length} reads were answered whole (${degraded} as degraded), ${queued} of ${puts.length} writes were queued, on ${nodes.length} nodes`;
  const none = { kept: null, broken: null, untried: null };
  if (gets.length === 0 || puts.length === 0)
    return { ...none, untried: `${text}; at least one of each must be tried` };
  const found: Evidence = { text, atMs: [fromMs, toMs] };
  return read > 0 && queued > 0 ? { ...none, kept: found } : { ...none, broken: found };
}
