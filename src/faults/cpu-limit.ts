import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed, shareOf, shareParam } from "./parameters.ts";

/** Where processor time is taken by stopping nodes, they stand still for the rest of each tenth of a second: this share of it must show. */
const shownRest = 0.8;
const turnMs = 100;
/** What is shorter happens to a busy node anyway, ms. */
const tellingStillMs = 20;
/** Quotas are whole µs of a slice. */
const rounding = 1.001;

/** Nodes have a share of the processor time: of all cores together, or each of one core. */
export const cpuLimit = defineFault({
  name: "cpu-limit",
  summary: "Leave nodes a share of the processor time: all together of all cores, or each of one.",
  params: Type.Object(
    {
      share: shareParam({ description: "The share that is left to them.", examples: ["50%"] }),
      of: Type.Optional(
        Type.Enum(["swarm", "node"], {
          description:
            "swarm: the nodes share so much of all cores of this machine; node: each has so much of one core.",
          examples: ["node"],
          default: "swarm",
        }),
      ),
    },
    closed,
  ),
  capabilities: () => ["process.cpu"],
  work: ({ share, of = "swarm" }, input) => {
    const part = shareOf(share);
    const leftCores = part * (of === "swarm" ? input.cores : 1);
    const stillMs = Math.floor((1 - Math.min(1, part)) * turnMs * shownRest);
    return onNodes(input, {
      capability: "process.cpu",
      undo: "restore",
      params: () => ({ share: part, of, among: input.subjects.nodes.length }),
      sign: (node) => ({
        sign: "reports",
        node,
        text: "has a limit on its processor time",
        operation: "metrics",
        force: [
          { value: "cpuLimit", comparator: "<=", limit: Number((leftCores * rounding).toFixed(6)) },
          ...(stillMs < tellingStillMs ? [] : [{ value: "longestPauseMs", comparator: ">=", limit: stillMs } as const]),
        ],
      }),
    });
  },
});
