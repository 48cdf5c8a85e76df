import { cross, type DrawnNodes } from "./node-circle.ts";
import { block, drawing, drawingWidth, letterPx, line, px, textAt } from "./svg.ts";
import { fitted } from "./text.ts";

const titlePx = 26;
const stepPx = 22;
const dotPx = 7;

/** Many nodes as dots in a box for each group that still hears itself, with the links between the boxes counted. */
export function groupsOfNodes({ plan, reach, groups, told }: DrawnNodes): string {
  const betweenPx = groups.length > 2 ? 112 : 150;
  const wide = (drawingWidth - betweenPx * (groups.length - 1)) / groups.length;
  const columns = Math.max(1, Math.floor((wide - 16) / stepPx));
  const rows = Math.max(...groups.map(({ length }) => Math.ceil(length / columns)));
  const boxPx = titlePx + rows * stepPx + 8;
  const parts = groups.flatMap((nodes, index) => {
    const x = index * (wide + betweenPx);
    const voting = nodes.filter((node) => plan.voters.includes(node)).length;
    const title = `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}, ${voting} ${voting === 1 ? "votes" : "vote"}`;
    const dots = nodes.map((node, at) => {
      const classes = [
        "node",
        ...(plan.voters.includes(node) ? [] : ["agent"]),
        ...(reach.nodes.has(node) ? ["hit"] : []),
      ].join(" ");
      const [cx, cy] = [x + 16 + (at % columns) * stepPx, titlePx + 10 + Math.floor(at / columns) * stepPx];
      return `<circle class="${classes}" cx="${px(cx)}" cy="${px(cy)}" r="${dotPx}"/>`;
    });
    const next = groups[index + 1];
    return [
      block("group", { x, y: 0, width: wide, height: boxPx }),
      textAt([x + 8, 18], fitted(title, { widthPx: wide - 12, sizePx: letterPx })),
      ...dots,
      ...(next === undefined
        ? []
        : [between(crossing({ plan, reach }, nodes, next), [x + wide, x + wide + betweenPx], boxPx / 2)]),
    ];
  });
  const legend = `solid ring: votes; broken ring: does not vote${reach.nodes.size > 0 ? `; thick ring: hit by the fault (${reach.nodes.size})` : ""}`;
  const key = textAt([0, boxPx + 24], legend, { className: "dim" });
  return drawing(told.id, { ...told, heightPx: boxPx + 34 }, [...parts, key].join("\n"));
}

interface Crossing {
  readonly all: number;
  readonly cut: number;
}

function crossing(
  { plan, reach }: Pick<DrawnNodes, "plan" | "reach">,
  left: readonly string[],
  right: readonly string[],
): Crossing {
  const [one, other] = [new Set(left), new Set(right)];
  const links = plan.links.filter(
    ({ from, to }) => (one.has(from) && other.has(to)) || (other.has(from) && one.has(to)),
  );
  return { all: links.length, cut: links.filter(({ from, to }) => reach.cut.has(`${from}>${to}`)).length };
}

function between({ all, cut }: Crossing, [fromPx, toPx]: readonly [number, number], y: number): string {
  const middle = (fromPx + toPx) / 2;
  return [
    line("cut", [fromPx, y], [toPx, y]),
    cross(middle, y),
    textAt([middle, y - 12], `${cut} of ${all}`, { anchor: "middle", className: "halo" }),
    textAt([middle, y + 22], "links cut", { anchor: "middle", className: "halo" }),
  ].join("");
}
