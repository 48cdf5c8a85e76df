import type { Check, Evidenced } from "../core/check.ts";
import { type FaultSpan, faultSpans, type Operation } from "../core/history.ts";
import type { OperationKind } from "../core/history-event.ts";
import { sideUnder } from "../core/side-under.ts";
import { uptimeRequests } from "../core/uptime.ts";
import { finalReadsMs } from "../core/written-keys.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "at-risk";
/** Fewer acknowledged operations than this under a fault put nothing to the test. */
const leastOperations = 10;

/**
 * Whether something was at risk: at least 10 operations of the workload, a write among them, sent and acknowledged while a fault was in force.
 * Edits of documents and blocks that were taken count as writes, blocks that were served as reads.
 */
export const atRisk: Check = {
  name,
  guards: "evidence",
  summary: `At least ${leastOperations} operations, a write among them, were sent and acknowledged while a fault was in force.`,
  check: (evidence) => {
    const spans = faultSpans(evidence.history).filter(({ inForce }) => inForce > 0);
    if (spans.length === 0) return unknownVerdict(name, "nothing was at risk: no fault was in force");
    const { counts, first, last } = acknowledgedUnder(spans, evidence);
    const all = counts.read + counts.write + counts.cas;
    const side = sideUnder(spans, evidence.history);
    const beside =
      side.reads + side.writes === 0 ? "" : `, ${side.writes} edits and blocks taken, ${side.reads} blocks served`;
    const kinds = `${counts.read} reads, ${counts.write} writes, ${counts.cas} compare-and-sets${beside}`;
    const isEnough = all + side.reads + side.writes >= leastOperations && counts.write + counts.cas + side.writes > 0;
    if (!isEnough) {
      const needed = `${leastOperations} are needed, and a write among them`;
      const outage = all === 0 ? "; that the system served nothing shows in uptime.ratio and errors.ratio" : "";
      return unknownVerdict(
        name,
        `nothing was at risk: ${kinds} were acknowledged while a fault was in force; ${needed}${outage}`,
      );
    }
    const faults = spans.map(({ fault }) => fault).join(", ");
    const number = all + side.reads + side.writes;
    const text = `${number} operations were sent and acknowledged while ${faults} was in force: ${kinds}`;
    if (first === null || last === null) return { check: name, status: "pass", evidence: [{ text }] };
    const ends = `from operation ${first.op} (${first.invokedMs} ms) to operation ${last.op} (${last.completedMs} ms)`;
    return { check: name, status: "pass", evidence: [operationEvidence(`${text}, ${ends}`, [first, last])] };
  },
};

interface Acknowledged {
  readonly counts: Readonly<Record<OperationKind, number>>;
  readonly first: Operation | null;
  readonly last: Operation | null;
}

function acknowledgedUnder(spans: readonly FaultSpan[], { history }: Evidenced): Acknowledged {
  const counts = { read: 0, write: 0, cas: 0 };
  const endMs = Math.min(history.endMs, finalReadsMs(history) ?? Infinity);
  let first: Operation | null = null;
  let last: Operation | null = null;
  for (const operation of history.operations()) {
    const { client, kind, outcome, invokedMs, completedMs } = operation;
    if (outcome !== "ok" || invokedMs > endMs || client.startsWith(uptimeRequests.clientPrefix)) continue;
    const isUnder = (span: FaultSpan): boolean =>
      invokedMs >= span.injectedMs && completedMs <= (span.healStartedMs ?? endMs);
    if (!spans.some(isUnder)) continue;
    counts[kind] += 1;
    first ??= operation;
    last = operation;
  }
  return { counts, first, last };
}
