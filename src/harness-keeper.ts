import { stateFolder } from "./core/environment.ts";
import { BuiltinLinks } from "./drivers/builtin-links.ts";
import { openHttp } from "./drivers/http.ts";
import { machineTraces } from "./drivers/machine-traces.ts";
import { machineFacts } from "./drivers/machine.ts";
import { NodeProcesses } from "./drivers/node-processes.ts";
import { NodeRig } from "./drivers/node-rig.ts";
import { Ports } from "./drivers/ports.ts";
import { goBefore, processTable } from "./drivers/proc.ts";
import { startProxyProcess } from "./drivers/proxy-process.ts";
import { reachable } from "./drivers/proxy-server.ts";
import { startToxiproxyContainer } from "./drivers/toxiproxy-container.ts";
import { ToxiproxyLinks } from "./drivers/toxiproxy-links.ts";
import { startToxiproxyProcess } from "./drivers/toxiproxy-process.ts";
import { openTransports } from "./harness-transports.ts";
import { OpenRuns } from "./keeper/open-runs.ts";
import { type Channel, serveKeeper } from "./keeper/serve.ts";
import { targetStarter } from "./targets/start.ts";
import type { Workshop } from "./targets/workshop.ts";

// The part of the composition root that the keeper's process loads, and nothing that it does not need.

/** How servers of links are started and spoken to. */
export const linkWorkshop: Pick<Workshop, "startProxy" | "links" | "reachable"> = {
  startProxy: ({ by, ...server }, signal) => {
    switch (by) {
      case "builtin":
        return startProxyProcess(server.run, signal);
      case "binary":
        return startToxiproxyProcess(server, signal);
      case "container":
        return startToxiproxyContainer(server, signal);
    }
  },
  links: (kind, server) => (kind === "builtin" ? new BuiltinLinks(server) : new ToxiproxyLinks(server)),
  reachable,
};

/** Serves as the keeper of one run over this process's channel, until that run is closed and healed. */
export async function keep(channel: Channel, stop: AbortSignal): Promise<void> {
  goBefore(process.pid);
  const startTarget = targetStarter({
    ports: () => new Ports(),
    ...linkWorkshop,
    processes: (runId, onExit) => new NodeProcesses(runId, onExit),
    rig: (parts) => new NodeRig({ ...parts, facts: machineFacts() }),
    traces: machineTraces,
    http: openHttp,
    transports: openTransports,
  });
  const openRuns = new OpenRuns(stateFolder());
  await serveKeeper({ startTarget, processes: processTable, openRuns, traces: machineTraces }, channel, stop);
}
