import type { JsonObject } from "../core/json.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import type { Target } from "../core/target.ts";
import { fill, fillArguments } from "./template.ts";

/** How one node of a target is started on this machine: nothing left to fill in. */
export interface NodeCommand {
  readonly node: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What a node's command is filled from. */
export interface NodeContext {
  readonly address: NodeAddress;
  /** Absolute path of its data folder. */
  readonly data: string;
  /** Where this node dials each of its peers: `host:port`, a proxy's address where a proxy stands on the link. */
  readonly reach: Readonly<Record<string, string>>;
  /** The program that runs the harness, and the folder of its package. */
  readonly runtime: string;
  readonly packageFolder: string;
  /** Name of the planted defect, empty for none. Nothing but the target understands it. */
  readonly defect: string;
}

/** The command that starts one node. Throws `HarnessError` (exit 64) for a holder that the target file may not use. */
export function nodeCommand(target: Target, context: NodeContext): NodeCommand {
  const values: Record<string, string> = {
    node: context.address.node,
    host: context.address.host,
    data: context.data,
    runtime: context.runtime,
    package: context.packageFolder,
    defect: context.defect,
  };
  for (const [port, number] of Object.entries(context.address.ports)) values[`port.${port}`] = String(number);
  const peers: JsonObject[] = Object.entries(context.reach).map(([peer, reach]) => ({ peer, reach }));
  const { start } = target.nodes;
  return {
    node: context.address.node,
    program: fill(start.program, values),
    arguments: fillArguments(start.arguments, values, peers),
    environment: Object.fromEntries(
      Object.entries(start.environment).map(([name, template]) => [name, fill(template, values)]),
    ),
  };
}
