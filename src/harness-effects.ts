import { checks } from "./checks/index.ts";
import type { Action } from "./core/action.ts";
import type { Check } from "./core/check.ts";
import { systemClock } from "./core/clock.ts";
import { stateFolder } from "./core/environment.ts";
import { formatDuration } from "./core/duration.ts";
import { HarnessError } from "./core/harness-error.ts";
import { hereOnLoopback } from "./core/link-driver.ts";
import type { LinkProxyServer } from "./core/link-proxy.ts";
import type { Plan } from "./core/plan.ts";
import { quoted } from "./core/printable.ts";
import type { Progress } from "./core/progress.ts";
import { didYouMean } from "./core/suggest.ts";
import type { Target } from "./core/target.ts";
import type { Workload } from "./core/workload.ts";
import { commandTransport } from "./drivers/command.ts";
import { openHttp } from "./drivers/http.ts";
import { machineTraces } from "./drivers/machine-traces.ts";
import { processTable } from "./drivers/proc.ts";
import { removeContainer } from "./drivers/toxiproxy-container.ts";
import { ToxiproxyLinks } from "./drivers/toxiproxy-links.ts";
import { run, type RunParts, type RunResult } from "./engine/run.ts";
import { faults } from "./faults/index.ts";
import { openTransports } from "./harness-transports.ts";
import { KeeperClient, type NodeExited } from "./keeper/client.ts";
import { type Healing, healRun } from "./keeper/heal.ts";
import { type FaultLeft, faultsLeft } from "./keeper/in-force.ts";
import { readJournal } from "./keeper/journal.ts";
import { OpenRuns, type RunStanding } from "./keeper/open-runs.ts";
import { spawnKeeper } from "./keeper/spawn.ts";
import { probes } from "./probes/index.ts";
import { driversOf } from "./targets/drivers-of.ts";
import { undoCommands } from "./targets/exec-driver.ts";
import { loadTarget } from "./targets/load.ts";
import { workOf } from "./targets/operate.ts";
import { tlsMaterial } from "./targets/security.ts";
import { runUptimeClients, sideClients, workloads } from "./workloads/index.ts";

// The part of the composition root that runs and heals: it speaks to keepers, and is none itself.

/** Runs one plan under a keeper of its own; what a keeper that died left behind is healed from its journal. */
export async function runPlan(request: {
  readonly plan: Plan;
  readonly target: Target;
  readonly id: string;
  readonly folder: string;
  readonly proxy: LinkProxyServer;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onNodeExit: (exit: NodeExited) => void;
}): Promise<RunResult> {
  const { plan, target, id, folder, signal } = request;
  const starting = new AbortController();
  const limit = setTimeout(
    () => starting.abort(tookTooLong(plan.limits.runMs)),
    Math.min(plan.limits.runMs, 2 ** 31 - 1),
  );
  let hasStarted = false;
  const listeners: ((exit: NodeExited) => void)[] = [request.onNodeExit];
  const keeper = openKeeper(folder, id, (exit) => {
    for (const listener of listeners) listener(exit);
    // Later it is a finding about the system; before it ever answered there is nothing to wait for.
    if (!hasStarted) starting.abort(endedAtStart(exit));
  });
  try {
    return await run(
      {
        ...request,
        runId: id,
        onProgress: (progress) => {
          hasStarted ||= progress.kind === "phase" && progress.phase === "steady-before";
          request.onProgress(progress);
        },
        keeper,
        clock: systemClock,
        workload: workloadOf(plan),
        uptime: runUptimeClients,
        side: sideClients,
        seldomAsked: [...new Set(plan.checks.flatMap((name) => sampledBy(name)))],
        onNodeEnd: (listener) => void listeners.push(listener),
        faults,
        probes,
        connect: connector(target),
      },
      AbortSignal.any([signal, starting.signal]),
    );
  } finally {
    clearTimeout(limit);
    keeper.release();
    await healAbandoned(id);
  }
}

function workloadOf(plan: Plan): Workload {
  const workload = Object.values(workloads).find(({ name }) => name === plan.workload.name);
  if (workload !== undefined) return workload;
  throw new TypeError(`no workload ${plan.workload.name} is registered`);
}

/** The operations that a check of this name rests on. */
function sampledBy(name: string): readonly string[] {
  const registered: readonly Check[] = Object.values(checks);
  return registered.find((check) => check.name === name)?.samples ?? [];
}

/** Starts the keeper of a run, and gives the runner's end of it. */
export function openKeeper(folder: string, id: string, onNodeExit: (exit: NodeExited) => void): KeeperClient {
  return new KeeperClient(spawnKeeper(folder, id), onNodeExit);
}

/** Opens connections of the runner's own to nodes at these addresses. */
export function connector(target: Target): RunParts["connect"] {
  return (addresses) => {
    const open = openTransports(tlsMaterial(target));
    return { ...workOf(target, addresses, open.transports), close: () => open.close() };
  };
}

function tookTooLong(limitMs: number): HarnessError {
  return new HarnessError(`the run took longer than ${formatDuration(limitMs)} and was broken off and healed`, {
    code: "run-limit",
    exit: "inconclusive",
    next: "raise --timeout (or limits.run of the scenario), or look at its history for what took so long",
  });
}

/** A node ended before it ever answered: what it said last. */
export function endedAtStart({ node, how, lastLines }: NodeExited): HarnessError {
  return new HarnessError(`node ${node} ended while it was starting (${how}): ${lastLines}`, {
    code: "node-ended",
    exit: "unavailable",
    next: "its whole output is in the run's folder under nodes/",
  });
}

/** Heals a run whose keeper ended without closing it; nothing to do for any other. */
async function healAbandoned(id: string): Promise<void> {
  const left = standings().find((standing) => standing.run === id && standing.standing === "residue");
  if (left !== undefined) await heal(left);
}

/** Every run that is open: at work, or left behind. */
export function standings(): readonly RunStanding[] {
  return new OpenRuns(stateFolder()).standings(processTable, machineTraces);
}

/** What of a run is in force, by its journal. */
export function inForceOf({ run: id, folder, openedAt }: RunStanding): readonly FaultLeft[] {
  return faultsLeft(readJournal(folder, new OpenRuns(stateFolder()).journalCopy(id)), openedAt);
}

/** Refuses to go on over what an earlier run left behind: its effects would be taken for this one's. A run at work is none. Throws `HarnessError` (exit 13). */
export function refuseResidue(): void {
  const left = standings().filter(({ standing }) => standing === "residue");
  if (left.length === 0) return;
  const names = left.map(({ run: name, openedAt, processes: own, traces }) => {
    const since = openedAt === "" ? "" : `since ${openedAt}, `;
    return `${name} (${[`${since}${own.length} processes`, ...traces].join(", ")})`;
  });
  throw new HarnessError(`an earlier run was left behind and is not healed: ${names.join(", ")}`, {
    code: "residue",
    exit: "residue",
    next: "prism-chaos heal",
  });
}

/** What the names of runs and playgrounds look like. */
const runName = /^(\d{8}-\d{6}-.+-[0-9a-f]{4}|playground-[0-9a-f]{8})$/;

/** Heals one run that was left behind, or all (null). Throws `HarnessError` (exit 64) for a run that is at work or not known. */
export async function healLeftBehind(asked: string | null): Promise<readonly Healing[]> {
  const all = standings();
  const named = all.find(({ run: name }) => name === asked);
  if (asked !== null && named?.standing === "alive") {
    throw new HarnessError(`${asked} is at work and heals by itself`, {
      code: "run-at-work",
      exit: "usage",
      next: "end it with Ctrl-C or SIGTERM to its prism-chaos run",
    });
  }
  // A run that was healed already has nothing left: harmless, as often as wanted. What is no run's name is a slip of the pen.
  if (asked !== null && named === undefined && !runName.test(asked)) {
    const known = all.filter(({ standing }) => standing === "residue").map(({ run: name }) => name);
    throw new HarnessError(
      `nothing called ${quoted(asked)} is in force or was left behind${didYouMean(asked, known)}`,
      {
        code: "no-such-run",
        exit: "usage",
        next: "prism-chaos ps shows what is in force by hand, prism-chaos status what was left behind",
      },
    );
  }
  const left = all.filter(({ run: name, standing }) => standing === "residue" && (asked === null || name === asked));
  const healings: Healing[] = [];
  for (const standing of left) healings.push(await heal(standing));
  return healings;
}

async function heal(standing: RunStanding): Promise<Healing> {
  return healRun(standing, {
    processes: processTable,
    openRuns: new OpenRuns(stateFolder()),
    removeForeignProxies: async (url, runId, signal) => {
      const http = openHttp();
      try {
        await new ToxiproxyLinks({ url, run: runId, send: http.send, place: hereOnLoopback }).dispose(signal);
      } finally {
        await http.close();
      }
    },
    removeContainer,
    traces: machineTraces,
    restoreForeign: restoreHooks,
    undoCommands: (name, left, signal) => undoCommands({ run: name, command: commandTransport() }, left, signal),
  });
}

/** A target that ran before is changed by its own hooks alone: takes them back, and reads which are in force all the same. */
async function restoreHooks(
  targetFile: string,
  actions: readonly Action[],
  signal: AbortSignal,
): Promise<readonly Action[]> {
  const target = loadTarget(targetFile);
  const { source } = target.nodes;
  if (source.kind === "started") return [];
  const open = openTransports(tlsMaterial(target));
  try {
    const { transports } = open;
    const driver = driversOf({ run: "", target, addresses: source.addresses, transports, started: null });
    const still: Action[] = [];
    for (const [capability, batch] of Map.groupBy(actions, (action) => action.capability)) {
      await driver(capability).remove(batch, signal);
      const readings = await driver(capability).read(batch, signal);
      // What cannot be read may be in force still.
      still.push(...batch.filter((_action, index) => readings[index] !== "absent"));
    }
    return still;
  } finally {
    await open.close();
  }
}
