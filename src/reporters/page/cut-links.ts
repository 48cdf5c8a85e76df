import type { Plan } from "../../core/plan.ts";
import type { EventOf } from "../../core/history-event.ts";
import type { Cast } from "../../core/selection.ts";

/** What a fault did to whom: nodes that it hit, links that it cut, and links that it only made worse, by name (`n1>n2`). */
export interface Reach {
  readonly fault: string;
  readonly cast: Cast;
  readonly nodes: ReadonlySet<string>;
  readonly cut: ReadonlySet<string>;
  readonly worsened: ReadonlySet<string>;
  /** What was done, by the capabilities' names. */
  readonly how: readonly string[];
}

const cutting = new Set(["link.stall", "link.blackhole", "link.refuse", "link.reset"]);

/** Told from the actions' ids, `<fault>/<capability>/<subject>`, as the history has them. */
export function reachOf({ fault, cast, actions }: EventOf<"fault.resolved">): Reach {
  const nodes = new Set<string>();
  const cut = new Set<string>();
  const worsened = new Set<string>();
  const how = new Set<string>();
  for (const id of actions) {
    const [, capability = "", ...rest] = id.slice(fault.length).split("/");
    const subject = rest.join("/");
    how.add(capability);
    if (!capability.startsWith("link.")) nodes.add(subject);
    else (cutting.has(capability) ? cut : worsened).add(subject);
  }
  return { fault, cast, nodes, cut, worsened, how: [...how] };
}

/**
 * The nodes in groups that still hear each other, directly or through others, the largest first; those that are alone are one group. One group of all
 * where there would be more than four.
 */
export function groupsOf(
  { nodes, links }: Pick<Plan, "nodes" | "links">,
  { cut }: Reach,
): readonly (readonly string[])[] {
  const neighbours = new Map<string, string[]>(nodes.map((node) => [node, []]));
  for (const { from, to } of links) {
    if (cut.has(`${from}>${to}`)) continue;
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const left = new Set(nodes);
  const groups: string[][] = [];
  for (const first of nodes) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const node of group) {
      for (const next of neighbours.get(node) ?? []) if (left.delete(next)) group.push(next);
    }
    groups.push(group);
  }
  const alone = groups.filter(({ length }) => length === 1).flat();
  const together = groups.filter(({ length }) => length > 1).sort((a, b) => b.length - a.length);
  const all = alone.length > 0 ? [...together, alone] : together;
  return all.length > 4 || links.length === 0 ? [nodes] : all;
}
