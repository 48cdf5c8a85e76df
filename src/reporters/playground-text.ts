import { formatDuration, formatMs } from "../core/duration.ts";
import type { FaultInForce, NodeStanding, Playground, PlaygroundAnswer } from "../core/playground.ts";

/** A line for each node: its name and where each of its ports answers. */
export function addressLines({ addresses }: Playground): readonly string[] {
  const width = Math.max(...addresses.map(({ node }) => node.length));
  return addresses.map(({ node, host, ports }) => {
    const places = Object.entries(ports).map(([name, port]) => `${name} ${host}:${port}`);
    return `  ${node.padEnd(width)}  ${places.join("  ")}`;
  });
}

/** How playgrounds do, for people. */
export function standingText(
  standings: readonly {
    readonly playground: Playground;
    readonly standing: Extract<PlaygroundAnswer, { kind: "standing" }> | null;
  }[],
): string {
  return standings
    .map(({ playground, standing }) => {
      const defect = playground.defect === null ? "" : `, defect ${playground.defect}`;
      const head = `${playground.id}: ${playground.target}${defect}, since ${playground.startedAt}`;
      if (standing === null) return `${head}\n  its holder does not answer; prism-chaos status`;
      const places = addressLines(playground);
      const nodes = playground.addresses.map(({ node }, index) => {
        const said = standing.nodes.find((one) => one.node === node);
        return `${places[index] ?? ""}  ${said === undefined ? "" : nodeText(said)}`;
      });
      const faults = standing.faults.map((fault) => `  in force: ${faultText(fault)}`);
      return [head, ...nodes, ...(faults.length === 0 ? ["  no fault is in force"] : faults)].join("\n");
    })
    .join("\n\n");
}

/** A fault that was put in force by hand, and how it is taken back. */
export function injectedText(
  injected: Extract<PlaygroundAnswer, { kind: "injected" }> & { readonly id: string },
): string {
  const { fault, actions, tookMs, id } = injected;
  return [
    `in force: ${faultText(fault)}`,
    `  ${actions} of ${actions} actions were read back, ${formatMs(tookMs)} after they were asked for, in ${id}`,
    `  take it back:  prism-chaos heal ${fault.id}`,
  ].join("\n");
}

function nodeText({ node, isHealthy, leader, term }: NodeStanding): string {
  if (!isHealthy) return "does not answer, or not well";
  if (leader === node) return `well, leads in term ${term}`;
  return leader === null ? "well, knows no leader" : `well, follows ${leader} in term ${term}`;
}

function faultText({ id, fault, nodes, sides, since, forMs }: FaultInForce): string {
  const whom = sides.length === 0 ? nodes.join(", ") : sides.map((side) => side.join(", ")).join(" | ");
  const kind = id === fault ? "" : ` (${fault})`;
  const until = forMs === null ? "until it is healed" : `for ${formatDuration(forMs)}`;
  return `${id}${kind} on ${whom}, since ${since}, ${until}`;
}
