import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Capability } from "../../src/core/capability.ts";
import { systemClock, wallMs } from "../../src/core/clock.ts";
import type { FaultEffect } from "../../src/core/fault.ts";
import type { OwnedTarget } from "../../src/core/owned-target.ts";
import type { Plan } from "../../src/core/plan.ts";
import { openHttp } from "../../src/drivers/http.ts";
import { machineTraces } from "../../src/drivers/machine-traces.ts";
import { machineFacts } from "../../src/drivers/machine.ts";
import { NodeProcesses } from "../../src/drivers/node-processes.ts";
import { NodeRig } from "../../src/drivers/node-rig.ts";
import { Ports } from "../../src/drivers/ports.ts";
import { Observer } from "../../src/engine/observer.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import { plansOf } from "../../src/engine/request.ts";
import { SignWatch, silenceOf } from "../../src/engine/signs.ts";
import { findScenarios, findTarget } from "../../src/harness-catalogue.ts";
import { linkWorkshop } from "../../src/harness-keeper.ts";
import { openTransports } from "../../src/harness-transports.ts";
import { Effects } from "../../src/keeper/effects.ts";
import { Journal, type JournalEntry } from "../../src/keeper/journal.ts";
import { workOf } from "../../src/targets/operate.ts";
import { targetStarter } from "../../src/targets/start.ts";
import { eventually } from "./eventually.ts";
import { endProcess, processesOf, standInKeeper } from "./processes.ts";

const disposeLimitMs = 10_000;

/** The target that every fault is held against. */
export const target = findTarget("reference");

/** A journal that tells once, in the next turn of the event loop, that a batch was journalled: by then its acts have begun and none is answered. */
export class TellingJournal extends Journal {
  onInjecting: () => void = () => undefined;

  override append(batch: readonly JournalEntry[]): void {
    super.append(batch);
    if (!batch.some(({ entry }) => entry === "injecting")) return;
    const tell = this.onInjecting;
    this.onInjecting = () => undefined;
    setImmediate(tell);
  }
}

/** Three real nodes with everything that acts on them and looks at them, as keeper and runner have it, in one process. */
export interface ContractSwarm {
  readonly run: string;
  readonly folder: string;
  readonly plan: Plan;
  readonly owned: OwnedTarget;
  readonly effects: Effects;
  readonly journal: TellingJournal;
  readonly recorder: Recorder;
  /** Nodes that ended although nobody ended them. */
  readonly exits: readonly string[];
  watch(effect: FaultEffect, fromMs: number): SignWatch;
  close(): Promise<void>;
}

/** Starts such a swarm; `prepare` as in a run. */
export async function startContractSwarm(run: string, prepare: readonly Capability[]): Promise<ContractSwarm> {
  const keeper = standInKeeper(run);
  const folder = mkdtempSync(join(tmpdir(), "fault-contract-"));
  const plan = smallPlan();
  const exits: string[] = [];
  const owned = await starter()(
    { runId: run, folder, plan, prepare, targetFile: target.file, proxy: { by: "builtin" } },
    {
      spawned: () => undefined,
      contained: () => undefined,
      lost: () => undefined,
      exited: ({ node, how }) => exits.push(`${node}: ${how}`),
    },
    new AbortController().signal,
  );
  const recorder = new Recorder(systemClock, join(folder, "history.ndjson"));
  const open = openTransports(null);
  const work = workOf(target, owned.addresses, open.transports);
  const observer = new Observer({ ...work, recorder, clock: systemClock, ...plan });
  for (const operation of ["health", "peers", "elections", "services", "metrics"]) observer.also(operation);
  observer.start();
  const journal = new TellingJournal(folder);
  return {
    run,
    folder,
    plan,
    owned,
    recorder,
    journal,
    exits,
    effects: new Effects({ target: owned, journal, clock: systemClock }),
    watch: ({ signs }, fromMs) => watchFor({ signs, fromMs, plan, recorder }),
    close: async () => {
      await observer.stop();
      await open.close();
      recorder.close();
      await owned.dispose(AbortSignal.timeout(disposeLimitMs));
      for (const pid of processesOf(run)) endProcess(pid);
      keeper.end();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every node has answered an observer that asked after this was called. */
export async function allHealthy({ recorder, plan }: ContractSwarm): Promise<void> {
  const sinceMs = recorder.nowMs();
  const healthy = new Set<string>();
  const end = recorder.listen((event) => {
    if (event.type !== "probe.sampled" || event.probe !== "health" || event.sentMs < sinceMs) return;
    if (event.error === null) healthy.add(event.node);
    else healthy.delete(event.node);
  });
  const limitMs = target.nodes.readyLimitMs;
  await eventually(() => healthy.size === plan.nodes.length, { limitMs, what: "a healthy answer of every node" });
  end();
}

function smallPlan(): Plan {
  const [scenario] = findScenarios("leader-loss");
  if (scenario === undefined) throw new TypeError("the catalogue has no leader-loss");
  const request = { scenario, target, variants: ["kill"] };
  const choices = {
    seed: "contract",
    repeat: 1,
    repetition: null,
    nodes: 3,
    defect: null,
    runLimitMs: null,
    nodesShare: 1,
    allow: [],
  };
  const [plan] = plansOf({ ...request, ...choices });
  return plan;
}

function starter(): ReturnType<typeof targetStarter> {
  return targetStarter({
    ports: () => new Ports(),
    ...linkWorkshop,
    processes: (id, onExit) => new NodeProcesses(id, onExit),
    rig: (parts) => new NodeRig({ ...parts, facts: machineFacts() }),
    traces: machineTraces,
    http: openHttp,
    transports: openTransports,
  });
}

function watchFor(
  asked: Pick<FaultEffect, "signs"> &
    Pick<ContractSwarm, "plan" | "recorder"> & {
      readonly fromMs: number;
    },
): SignWatch {
  const { signs, fromMs, plan, recorder } = asked;
  const offered = Object.keys(target.operations);
  const silentAfterMs = silenceOf(target, plan);
  const watch = new SignWatch({ signs, hooks: target.hooks, offered, wallMs, sinceMs: fromMs, silentAfterMs });
  recorder.listen((event) => void (event.type === "probe.sampled" && watch.feed(event)));
  return watch;
}
