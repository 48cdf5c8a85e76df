import { join } from "node:path";
import { packageFolder } from "../src/core/environment.ts";
import type { NodeAddress } from "../src/core/keeper-port.ts";
import type { NodeProcess } from "../src/drivers/node-processes.ts";
import type { Ports } from "../src/drivers/ports.ts";
import { placementOf } from "../src/engine/placement.ts";
import { loadTarget } from "../src/targets/load.ts";
import { nodeCommand } from "../src/targets/node-command.ts";

/** One node that is to be started, and where it answers over HTTP. */
export interface BenchNode {
  readonly process: NodeProcess;
  readonly address: NodeAddress;
}

const host = "127.0.0.1";
const bareServer = `require("node:http").createServer((_, response) => response.end("{}")).listen(Number(process.argv[1]), "${host}")`;

/** The reference swarm as its target file starts it, with direct addresses in place of the proxy's: each may dial who the seed draws, both ways. */
export async function swarmNodes(
  count: number,
  { ports, folder, seed }: { readonly ports: Ports; readonly folder: string; readonly seed: string },
): Promise<readonly BenchNode[]> {
  const target = loadTarget(join(packageFolder(), "fixtures", "targets", "reference.yaml"));
  const { nodes, voters, links } = placementOf(target, { nodes: count, joiners: 0, seed });
  const names = target.nodes.ports;
  const free = await ports.take(nodes.length * names.length);
  const members = nodes.map((node, index): NodeAddress => {
    const own = names.map((name, at) => [name, free[index * names.length + at] ?? 0] as const);
    return { node, host, ports: Object.fromEntries(own) };
  });
  const listens = new Map(members.map(({ node, ports: { peer } }) => [node, `${host}:${peer ?? 0}`]));
  return members.map((address) => {
    const peers = links.filter(({ from }) => from === address.node).map(({ to }) => [to, listens.get(to) ?? ""]);
    const dataFolder = join(folder, address.node);
    const command = nodeCommand(target, {
      address,
      members,
      voters,
      joinsLater: false,
      data: dataFolder,
      reach: Object.fromEntries(peers),
      runtime: process.execPath,
      packageFolder: packageFolder(),
      defect: "",
    });
    return { address, process: { ...command, dataFolder, logFile: join(folder, "logs", address.node) } };
  });
}

/** As many processes of the same Node with the same V8 flags, which do nothing but answer 200. */
export async function bareNodes(
  like: readonly BenchNode[],
  { ports, folder }: { readonly ports: Ports; readonly folder: string },
): Promise<readonly BenchNode[]> {
  const free = await ports.take(like.length);
  return like.map(({ process: { node, program, arguments: given } }, index) => {
    const flags = given.slice(
      0,
      given.findIndex((argument) => argument.endsWith("main.js")),
    );
    const http = free[index] ?? 0;
    return {
      address: { node, host, ports: { http } },
      process: {
        node,
        program,
        arguments: [...flags, "-e", bareServer, String(http)],
        environment: {},
        dataFolder: join(folder, node),
        logFile: join(folder, "logs", node),
      },
    };
  });
}
