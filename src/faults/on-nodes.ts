import { type Action, action } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { FaultEffect, FaultInput, Sign } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";

/** What is done to each of a fault's nodes. */
interface OnNodes {
  readonly capability: Capability;
  readonly undo: Action["undo"];
  /** The action's parameters, the same for each node or by node and its place among them. */
  readonly params?: (node: string, index: number) => JsonObject;
  /** By what a witness tells that it holds on that node; null: by nothing. */
  readonly sign: (node: string) => Sign | null;
}

/** The same action on each of a fault's nodes, each with its sign. */
export function onNodes({ id, subjects }: FaultInput, { capability, undo, params, sign }: OnNodes): FaultEffect {
  const { nodes } = subjects;
  return {
    actions: nodes.map((node, index) =>
      action({ fault: id, capability, subject: { kind: "node", node }, params: params?.(node, index) ?? {}, undo }),
    ),
    signs: nodes.flatMap((node) => sign(node) ?? []),
  };
}
