import { Type } from "typebox";
import type { FaultEffect, FaultInput, Reported, Sign } from "../core/fault.ts";
import type { Alteration } from "../core/file-change.ts";
import { own } from "../core/own.ts";
import type { NodeFiles } from "../core/target.ts";
import { onNodes } from "./on-nodes.ts";
import { shareOf, shareParam } from "./parameters.ts";

/** Which files of nodes' data: a name of the target file. */
export const filesParam = Type.String({
  minLength: 1,
  description: "Which files: their name under `files` of the target file.",
  examples: ["blocks"],
});

/** How many of them. */
export const rateParam = shareParam({
  description: "The share of each node's files, at least one; which, and where in them, is drawn from the seed.",
  examples: ["5%"],
});

/** A system may look through all that it has before it finds anything, in ms. */
const findMs = 15_000;

/** Files of each node are altered in one way, for good; where the target says how nodes tell what they found, that is the sign. */
export function alterFiles(
  input: FaultInput,
  { how, files, rate }: { readonly how: Alteration; readonly files: string; readonly rate: string },
): FaultEffect {
  const effect = onNodes(input, {
    capability: "disk.alter",
    undo: "irreversible",
    params: () => ({ how, files, rate: shareOf(rate), seed: input.seed }),
    sign: (node) => foundSign(node, files, own(input.files, files)),
  });
  return { ...effect, shownWithinMs: findMs };
}

/** That a node has found such files altered; null where the target does not say how it tells. */
function foundSign(node: string, files: string, spec: NodeFiles | undefined): Sign | null {
  const { found = null, open = null } = spec ?? {};
  if (found === null) return null;
  // A count that only ever grows tells by growing; one beside which it stands what waits for repair tells by itself.
  const isGrowth = open === null;
  const force = [{ value: found.value, comparator: ">=", limit: 1, isGrowth }] as const;
  const sign = {
    sign: "reports",
    node,
    text: `has found altered ${files}`,
    operation: found.operation,
    force,
  } as const;
  // What it has once found stays found: it is over when none of it waits for repair, in the same answer, or else when it finds no more.
  const isTold = open !== null && open.operation === found.operation;
  const over: Reported = isTold
    ? { value: open.value, comparator: "==", limit: 0 }
    : { value: found.value, comparator: "==", limit: 0, isGrowth: true };
  return { ...sign, gone: [over] };
}
