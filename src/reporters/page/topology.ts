import type { Plan } from "../../core/plan.ts";
import { groupsOf, type Reach, reachOf } from "./cut-links.ts";
import { folded, region, table } from "./markup.ts";
import { safe } from "./text.ts";
import { circleOfNodes } from "./node-circle.ts";
import { groupsOfNodes } from "./node-groups.ts";
import type { Story } from "./story.ts";

/** So many faults are drawn, the others stand in the table. */
const mostDrawn = 4;
/** More nodes than these, or longer names, are drawn in groups. */
const mostOnCircle = 16;
const longestOnCircle = 4;
const mostNamed = 60;

/** Who stood where: for each fault the nodes that it hit and the links that it cut, and the same as a table. */
export function topology({ plan, history }: Story): string {
  const reaches = [...history.eventsOf("fault.resolved")].map(reachOf);
  if (reaches.length === 0)
    return `<p>No fault came so far that it chose whom to hit. ${plan.nodes.length} nodes: ${safe(names(plan.nodes))}.</p>`;
  const isSmall = plan.nodes.length <= mostOnCircle && plan.nodes.every(({ length }) => length <= longestOnCircle);
  const drawings = reaches.slice(0, mostDrawn).map((reach, index) => {
    const told = {
      id: `topology-${index}`,
      title: `Nodes and links under ${reach.fault}`,
      sentence: sentence(plan, reach),
    };
    const groups = groupsOf(plan, reach);
    const svg = isSmall ? circleOfNodes({ plan, reach, groups, told }) : groupsOfNodes({ plan, reach, groups, told });
    return `<h3>Under ${safe(reach.fault)}</h3>${region(told.title, svg)}`;
  });
  const more = reaches.length > mostDrawn ? `<p>${reaches.length - mostDrawn} more faults are in the table.</p>` : "";
  return `${drawings.join("\n")}${more}
${folded("The same in words", wordsOf(plan, reaches))}`;
}

function sentence({ nodes, links }: Plan, reach: Reach): string {
  const hit = reach.nodes.size === 0 ? "" : ` It hit ${reach.nodes.size} of them.`;
  const cut = reach.cut.size === 0 ? "" : ` ${reach.cut.size} of ${links.length} links were cut.`;
  const worse = reach.worsened.size === 0 ? "" : ` ${reach.worsened.size} of ${links.length} links were made worse.`;
  return `${nodes.length} nodes.${hit}${cut}${worse} The table below names them.`;
}

function wordsOf(plan: Plan, reaches: readonly Reach[]): string {
  const rows = reaches.map((reach) => [
    reach.fault,
    reach.how.join(", "),
    Object.entries(reach.cast)
      .map(([label, nodes]) => `${label}: ${names(nodes)}`)
      .join("; "),
    reach.nodes.size === 0 ? "none" : names([...reach.nodes]),
    linksText(reach.cut, plan),
    linksText(reach.worsened, plan),
  ]);
  const sides = reaches.flatMap((reach) => {
    const groups = groupsOf(plan, reach);
    return groups.length < 2
      ? []
      : groups.map((nodes, index) => [`${reach.fault}, group ${index + 1}`, String(nodes.length), names(nodes)]);
  });
  const grouped =
    sides.length === 0 ? "" : table("Nodes that still heard each other", ["Group", "How many", "Nodes"], sides);
  return (
    table("Whom each fault hit", ["Fault", "Done by", "Cast", "Nodes hit", "Links cut", "Links made worse"], rows) +
    grouped
  );
}

function linksText(links: ReadonlySet<string>, plan: Plan): string {
  return links.size === 0 ? "none" : `${links.size} of ${plan.links.length}: ${names([...links])}`;
}

function names(all: readonly string[]): string {
  const more = all.length > mostNamed ? ` and ${all.length - mostNamed} more` : "";
  return `${all.slice(0, mostNamed).join(", ")}${more}`;
}
