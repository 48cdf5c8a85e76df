import type { Check } from "../core/check.ts";
import { faultSpans } from "../core/history.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "no-corrupt-block";
/** So many blocks are told one by one. */
const toldBlocks = 5;
/** Fewer reads after the first fault put nothing to the test. */
const leastReads = 5;

/** Whether no block was ever served otherwise than it was put (spec/1-mission: data served corrupt: 0). Unknown where few were read after the first fault. */
export const noCorruptBlock: Check = {
  name,
  guards: "data",
  summary: "No block that was read is otherwise than it was put.",
  check: ({ history }) => {
    const fromMs = Math.min(...faultSpans(history).map(({ injectedMs }) => injectedMs));
    const served = [...history.eventsOf("block.ended")].filter(
      ({ kind, outcome }) => kind === "get" && outcome === "ok",
    );
    const [first, ...rest] = served.filter(({ intact }) => intact === false);
    if (first !== undefined) {
      const evidence = ({ block, node, atMs }: typeof first): { text: string; nodes: string[]; atMs: number[] } => ({
        text: `${node} served block ${block.slice(0, 12)} at ${atMs} ms with other content than was put`,
        nodes: [node],
        atMs: [atMs],
      });
      return {
        check: name,
        status: "fail",
        evidence: [evidence(first), ...rest.slice(0, toldBlocks - 1).map(evidence)],
      };
    }
    const under = served.filter(({ sentMs }) => sentMs >= fromMs);
    if (under.length < leastReads) {
      return unknownVerdict(name, `${under.length} blocks were read after the first fault; ${leastReads} are needed`);
    }
    const text = `all ${served.length} blocks that were read were as they were put, ${under.length} of them after the first fault`;
    return { check: name, status: "pass", evidence: [{ text, atMs: [fromMs] }] };
  },
};
