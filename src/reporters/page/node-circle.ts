import type { Plan } from "../../core/plan.ts";
import type { Reach } from "./cut-links.ts";
import { drawing, letterPx, line, px, textAt } from "./svg.ts";
import { fitted } from "./text.ts";

const radiusPx = 130;
const nodePx = 19;
const heightPx = 2 * (radiusPx + nodePx) + 24;
const centre = [radiusPx + nodePx + 40, heightPx / 2] as const;
const wordsFromPx = 430;
const mostWords = 13;

/** What a drawing of nodes is made of. */
export interface DrawnNodes {
  readonly plan: Plan;
  readonly reach: Reach;
  /** The nodes, grouped by who still hears whom. */
  readonly groups: readonly (readonly string[])[];
  readonly told: { readonly id: string; readonly title: string; readonly sentence: string };
}

type Place = readonly [x: number, y: number];

/** A few nodes on a circle, those that hear each other beside each other. Of each link the half at the sender shows whether what it sends arrives. */
export function circleOfNodes({ plan, reach, groups, told }: DrawnNodes): string {
  const order = groups.flat();
  const places = new Map(order.map((node, index) => [node, placeOf(index, order.length)]));
  const parts = [
    ...links(plan, reach, places),
    ...order.map((node) => drawnNode(node, places.get(node) ?? centre, { plan, reach })),
    ...words({ plan, reach, groups }),
  ];
  return drawing(told.id, { ...told, heightPx }, parts.join("\n"));
}

function placeOf(index: number, count: number): Place {
  if (count === 1) return centre;
  const angle = (2 * Math.PI * (index + 0.5)) / count - Math.PI / 2;
  return [centre[0] + radiusPx * Math.cos(angle), centre[1] + radiusPx * Math.sin(angle)];
}

function links({ links: all }: Plan, { cut, worsened }: Reach, places: ReadonlyMap<string, Place>): readonly string[] {
  const halves = (among: (name: string) => boolean, className: string): readonly string[] =>
    all.flatMap(({ from, to }) => {
      const [start, end] = [places.get(from), places.get(to)];
      if (start === undefined || end === undefined || !among(`${from}>${to}`)) return [];
      return [line(className, start, [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2])];
    });
  const crosses = all.flatMap(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    const isWhole = cut.has(`${from}>${to}`) && cut.has(`${to}>${from}`);
    return from < to && isWhole && start !== undefined && end !== undefined
      ? [cross((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)]
      : [];
  });
  return [
    ...halves((name) => !cut.has(name) && !worsened.has(name), "link"),
    ...halves((name) => worsened.has(name), "link worse"),
    ...halves((name) => cut.has(name), "cut"),
    ...crosses,
  ];
}

/** The sign of a cut. */
export function cross(x: number, y: number): string {
  return `<path class="cross" d="M${px(x - 4)} ${px(y - 4)}l8 8m0 -8l-8 8"/>`;
}

function drawnNode(node: string, [x, y]: Place, { plan, reach }: Pick<DrawnNodes, "plan" | "reach">): string {
  const classes = [
    "node",
    ...(plan.voters.includes(node) ? [] : ["agent"]),
    ...(reach.nodes.has(node) ? ["hit"] : []),
  ].join(" ");
  return `<circle class="${classes}" cx="${px(x)}" cy="${px(y)}" r="${nodePx}"/>${textAt([x, y + 4.5], node, { anchor: "middle" })}`;
}

function words({ plan, reach, groups }: Omit<DrawnNodes, "told">): readonly string[] {
  const lines = [
    ...(reach.nodes.size > 0 ? ["thick ring: hit by the fault"] : []),
    ...(reach.cut.size > 0
      ? [`broken half, cross: what this end sends is cut (${reach.cut.size} of ${plan.links.length} links)`]
      : []),
    ...(reach.worsened.size > 0
      ? [`dotted half: made worse (${reach.worsened.size} of ${plan.links.length} links)`]
      : []),
    ...(plan.voters.length < plan.nodes.length ? ["broken ring: does not vote"] : []),
    ...(groups.length > 1 ? groups.map((nodes, index) => `group ${index + 1}: ${nodes.join(", ")}`) : []),
    ...Object.entries(reach.cast).map(([label, nodes]) => `${label}: ${nodes.join(", ")}`),
  ];
  return lines
    .slice(0, mostWords)
    .map((text, index) =>
      textAt([wordsFromPx, 40 + index * 22], fitted(text, { widthPx: 960 - wordsFromPx, sizePx: letterPx })),
    );
}
