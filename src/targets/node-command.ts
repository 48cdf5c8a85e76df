import type { NodeAddress } from "../core/keeper-port.ts";
import type { Target } from "../core/target.ts";
import { own } from "../core/own.ts";
import { addressValues, folderValues } from "./address-values.ts";
import { revealEnvironment } from "./secrets.ts";
import { fill, fillArguments, type Values } from "./template.ts";

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
  /** Every node of the run, itself too, where it really listens. */
  readonly members: readonly NodeAddress[];
  /** Absolute path of its data folder. */
  readonly data: string;
  /** Names of the nodes that vote. */
  readonly voters: readonly string[];
  /** Whether it is started outside of the swarm, to join when a step says so. */
  readonly joinsLater: boolean;
  /** Where this node dials each of its peers: `host:port`, a proxy's address where a proxy stands on the link. Empty without links. */
  readonly reach: Readonly<Record<string, string>>;
  /** The program that runs the harness, and the folder of its package. */
  readonly runtime: string;
  readonly packageFolder: string;
  /** Name of the planted defect, empty for none. Nothing but the target understands it. */
  readonly defect: string;
}

/** The command that starts one node. Throws `HarnessError` (exit 64) for a holder that the target file may not use, (exit 69) for a secret that is not there. */
export function nodeCommand(target: Target, context: NodeContext): NodeCommand {
  const { source } = target.nodes;
  if (source.kind === "running") throw new TypeError(`${target.name} runs already: none of its nodes is started`);
  const { address, reach } = context;
  const values: Values = {
    ...addressValues(address),
    ...folderValues(target, context.packageFolder),
    node: address.node,
    data: context.data,
    runtime: context.runtime,
    defect: context.defect,
    join: context.joinsLater ? "later" : "now",
  };
  const { start } = source;
  return {
    node: address.node,
    program: fill(start.program, values),
    arguments: fillArguments(start.arguments, values, {
      peer: peersOf(target, context).map((peer) => peerValues(target, peer, reach)),
      member: context.members.map((member) => ({ ...addressValues(member), member: member.node })),
      voter: context.members
        .filter(({ node }) => context.voters.includes(node))
        .map((voter) => ({ ...addressValues(voter), voter: voter.node })),
    }),
    environment: revealEnvironment(start.environment, values),
  };
}

/** The nodes that this one may dial: those that it has a link to, or every other where links are not known. */
function peersOf(target: Target, { members, address, reach }: NodeContext): readonly NodeAddress[] {
  const others = members.filter(({ node }) => node !== address.node);
  return target.links === null ? others : others.filter(({ node }) => own(reach, node) !== undefined);
}

function peerValues(target: Target, peer: NodeAddress, reach: NodeContext["reach"]): Values {
  const values: Values = { ...addressValues(peer), peer: peer.node };
  if (target.links === null) return values;
  const listen = `${peer.host}:${peer.ports[target.links.port] ?? 0}`;
  return { ...values, listen, reach: reach[peer.node] ?? listen };
}
