import { Type } from "typebox";
import { action, type Link, linkName } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { FaultEffect, FaultInput, Sign } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { randomStream } from "../core/random.ts";

/** In which directions links of the nodes are hit. */
const directions = ["both", "out", "in"] as const;
type Direction = (typeof directions)[number];

/** The parameter of faults on links that says in which direction, seen from the nodes that are hit. */
export const directionParam = Type.Optional(
  Type.Enum([...directions], {
    description:
      "Which links of the nodes: both directions, only what they send (out), only what they are sent (in). Between sides always both.",
    examples: ["out"],
    default: "both",
  }),
);

/** The links that a fault hits: between its sides where it has some, else all that touch its nodes. */
export function hitLinks({ subjects, links }: FaultInput, direction: Direction = "both"): readonly Link[] {
  if (subjects.sides.length > 0) return crossing(subjects.sides, links);
  const nodes = new Set(subjects.nodes);
  return links.filter(
    ({ from, to }) => (direction !== "in" && nodes.has(from)) || (direction !== "out" && nodes.has(to)),
  );
}

/** The links from one side to another. */
export function crossing(sides: readonly (readonly string[])[], links: readonly Link[]): readonly Link[] {
  const sideOf = new Map(sides.flatMap((side, index) => side.map((node) => [node, index] as const)));
  return links.filter(({ from, to }) => {
    const [left, right] = [sideOf.get(from), sideOf.get(to)];
    return left !== undefined && right !== undefined && left !== right;
  });
}

/** What is done to each link of a fault. */
interface OnLinks {
  readonly capability: Capability;
  readonly params?: (link: Link) => JsonObject;
  /** Null: what a witness sees is not told link by link. */
  readonly sign: ((link: Link) => Sign) | null;
}

/** The same action on each of these links, each with its sign. */
export function onLinks(
  { id }: FaultInput,
  links: readonly Link[],
  { capability, params, sign }: OnLinks,
): FaultEffect {
  return {
    actions: links.map((link) =>
      action({
        fault: id,
        capability,
        subject: { kind: "link", link },
        params: params?.(link) ?? {},
        undo: "remove",
      }),
    ),
    signs: sign === null ? [] : links.map(sign),
  };
}

/** What a link's own draws are made from, as a whole number from 1 that a proxy can be told. */
export function linkSeed({ seed, id }: FaultInput, link: Link): number {
  return randomStream(seed, `${id}/${linkName(link)}`).int(1, 2 ** 31 - 1);
}
