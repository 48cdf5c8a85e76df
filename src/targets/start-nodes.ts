import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { linkName } from "../core/action.ts";
import { packageFolder } from "../core/environment.ts";
import type { NodeAddress, OpenRequest } from "../core/keeper-port.ts";
import type { StartObserver } from "../core/owned-target.ts";
import type { Target } from "../core/target.ts";
import type { StartedNodes } from "./drivers-of.ts";
import { nodeCommand } from "./node-command.ts";
import type { Disposable, Workshop } from "./workshop.ts";

/** What starting a target works with. */
export interface Starting {
  readonly workshop: Workshop;
  readonly request: OpenRequest;
  readonly observer: StartObserver;
  readonly signal: AbortSignal;
  readonly undo: Disposable[];
}

interface StartingNodes extends Starting {
  readonly target: Target;
  readonly addresses: readonly NodeAddress[];
  readonly reach: ReadonlyMap<string, string>;
}

/** Starts every node of the plan, one after another, with what its disk and clock need. Throws `HarnessError` (exit 64, 69). */
export async function startNodes({
  workshop,
  request,
  observer,
  signal,
  undo,
  target,
  addresses,
  reach,
}: StartingNodes): Promise<Pick<StartedNodes, "processes" | "rig">> {
  const logFile = (node: string): string => join(request.folder, "nodes", `${node}.log`);
  const dataFolder = join(request.folder, "data");
  const processes = workshop.processes(request.runId, ({ node, code, signal: by }) => {
    observer.exited({ node, how: by ?? `exit code ${code}`, lastLines: lastLines(logFile(node)) });
  });
  const rig = workshop.rig({ run: request.runId, folder: request.folder, target, prepare: request.prepare, processes });
  const removeData = async (limit: AbortSignal): Promise<void> => {
    // Small disks that stand on the data go first.
    await workshop.traces.clear(request.runId, limit);
    rmSync(dataFolder, { recursive: true, force: true });
  };
  undo.push({ dispose: removeData }, processes, rig);
  const { voters, joiners, links } = request.plan;
  const linksFrom = Map.groupBy(links, ({ from }) => from);
  for (const address of addresses) {
    signal.throwIfAborted();
    const peers = linksFrom.get(address.node) ?? [];
    const data = join(dataFolder, address.node);
    const command = nodeCommand(target, {
      address,
      members: addresses,
      voters,
      joinsLater: joiners.includes(address.node),
      data,
      reach: Object.fromEntries(peers.map((link) => [link.to, reach.get(linkName(link)) ?? ""])),
      runtime: process.execPath,
      packageFolder: packageFolder(),
      defect: request.plan.target.defect ?? "",
    });
    const environment = { ...command.environment, ...rig.prepare(address.node, data) };
    const started = processes.start({ ...command, environment, dataFolder: data, logFile: logFile(address.node) });
    observer.spawned(address.node, started);
    // Of many nodes the first are at work before the last is started: the lease must be heard meanwhile.
    await nextTurn();
  }
  return { processes, rig };
}

/** The end of a node's output, at most five lines. */
function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  } catch {
    return "";
  }
}
