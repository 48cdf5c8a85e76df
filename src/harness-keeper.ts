import { stateFolder } from "./core/environment.ts";
import { openHttp } from "./drivers/http.ts";
import { machineTraces } from "./drivers/machine-traces.ts";
import { machineFacts } from "./drivers/machine.ts";
import { NodeProcesses } from "./drivers/node-processes.ts";
import { NodeRig } from "./drivers/node-rig.ts";
import { Ports } from "./drivers/ports.ts";
import { goBefore, processTable } from "./drivers/proc.ts";
import { startProxyProcess } from "./drivers/proxy-process.ts";
import { ToxiproxyLinks } from "./drivers/toxiproxy.ts";
import { openTransports } from "./harness-transports.ts";
import { OpenRuns } from "./keeper/open-runs.ts";
import { type Channel, serveKeeper } from "./keeper/serve.ts";
import { targetStarter } from "./targets/start.ts";

// The part of the composition root that the keeper's process loads, and nothing that it does not need.

/** Serves as the keeper of one run over this process's channel, until that run is closed and healed. */
export async function keep(channel: Channel, stop: AbortSignal): Promise<void> {
  goBefore(process.pid);
  const startTarget = targetStarter({
    ports: () => new Ports(),
    startProxy: startProxyProcess,
    links: (server) => new ToxiproxyLinks(server),
    processes: (runId, onExit) => new NodeProcesses(runId, onExit),
    rig: (parts) => new NodeRig({ ...parts, facts: machineFacts() }),
    traces: machineTraces,
    http: openHttp,
    transports: openTransports,
  });
  const openRuns = new OpenRuns(stateFolder());
  await serveKeeper({ startTarget, processes: processTable, openRuns, traces: machineTraces }, channel, stop);
}
