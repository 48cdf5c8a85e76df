import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Action } from "../../src/core/action.ts";
import { cutModes } from "../../src/core/capability.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { FaultEffect, FaultSubjects } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { OwnedTarget } from "../../src/core/owned-target.ts";
import type { Plan } from "../../src/core/plan.ts";
import { openHttp } from "../../src/drivers/http.ts";
import { NodeProcesses } from "../../src/drivers/node-processes.ts";
import { Ports } from "../../src/drivers/ports.ts";
import { startProxyProcess } from "../../src/drivers/proxy-process.ts";
import { ToxiproxyLinks } from "../../src/drivers/toxiproxy.ts";
import { Observer } from "../../src/engine/observer.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import { plansOf } from "../../src/engine/request.ts";
import { SignWatch, silenceOf } from "../../src/engine/signs.ts";
import { faults } from "../../src/faults/index.ts";
import { findScenarios, findTarget } from "../../src/harness-catalogue.ts";
import { openTransports } from "../../src/harness-transports.ts";
import { Effects } from "../../src/keeper/effects.ts";
import { Journal, type JournalEntry, openActions, readJournal } from "../../src/keeper/journal.ts";
import { workOf } from "../../src/targets/operate.ts";
import { targetStarter } from "../../src/targets/start.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess, processesOf, standInKeeper } from "../support/processes.ts";

/** So long has a witness to see a fault (the engine's own limit), and a system to come back from it (leader-loss: recovery.time), in ms. */
const seenLimitMs = 3000;
const goneLimitMs = 5000;
/** An act that is broken off must say so long before the keeper's deadline for healing (20 s), in ms. */
const abortedLimitMs = 1000;

const target = findTarget("reference");
const { signal } = new AbortController();

/** A journal that tells once, in the next turn of the event loop, that a batch was journalled: by then its acts have begun and none is answered. */
class TellingJournal extends Journal {
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
interface Swarm {
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

let swarm: Swarm;
beforeAll(async () => {
  swarm = await startSwarm();
  await allHealthy(swarm);
});
afterAll(() => swarm.close());

interface Row {
  readonly fault: keyof typeof faults;
  readonly params: JsonObject;
  readonly subjects: FaultSubjects;
}
const one: FaultSubjects = { nodes: ["n1"], sides: [] };
const sides: FaultSubjects = { nodes: [], sides: [["n1"], ["n2", "n3"]] };
/** Every kind of fault with each of its ways: a kind that is not in here does not compile. */
const ways: Readonly<Record<keyof typeof faults, readonly (readonly [JsonObject, FaultSubjects])[]>> = {
  hook: [[{ hook: "hold-elections" }, one]],
  isolate: cutModes.map((mode) => [{ mode }, one] as const),
  kill: [[{}, one]],
  partition: cutModes.map((mode) => [{ mode }, sides] as const),
  pause: [[{}, one]],
};
const rows = (Object.keys(ways) as (keyof typeof faults)[]).flatMap((fault) =>
  ways[fault].map(([params, subjects]): readonly [string, Row] => {
    const way = Object.values(params)
      .filter((value) => typeof value === "string")
      .join();
    return [way === "" ? fault : `${fault} ${way}`, { fault, params, subjects }];
  }),
);

test("Every registered fault is held to the contract, the cuts in every mode.", () => {
  expect([...new Set(rows.map(([, { fault }]) => fault))].sort()).toEqual(Object.keys(faults).sort());
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(cutModes.map((mode) => `isolate ${mode}`)));
});

function worked(id: string, { fault, params, subjects }: Row): FaultEffect {
  return faults[fault].work(params, { id, subjects, links: swarm.plan.links });
}

test.each(rows)(
  "%s: in force when it says so, seen from outside, healed and gone, healed twice harmlessly.",
  async (...of) => {
    const [name, row] = of;
    const { effects, recorder, folder } = swarm;
    const effect = worked(name, row);
    const { actions } = effect;
    expect(actions.length).toBeGreaterThan(0);
    expect(await readings(actions)).toEqual(actions.map(() => "absent"));

    const injected = await effects.inject(actions, signal);
    expect(injected).toMatchObject({ actions: actions.length, inForce: actions.length, problems: [] });
    expect(await readings(actions)).toEqual(actions.map(() => "in-force"));
    expect(openActions(readJournal(folder))).toEqual(actions);
    const watch = swarm.watch(effect, recorder.sinceStart(injected.finishedMs));
    const unseen = (): boolean => watch.seen().unseen.length === 0;
    await eventually(unseen, { limitMs: seenLimitMs, what: `every sign of ${name} seen` });

    const healed = await effects.heal(name, signal);
    expect(healed).toMatchObject({ actions: actions.length, inForce: 0, problems: [] });
    expect(await readings(actions)).toEqual(actions.map(() => "absent"));
    expect(openActions(readJournal(folder))).toEqual([]);
    watch.beginHealed(recorder.sinceStart(healed.finishedMs));
    await eventually(() => watch.allGone(), { limitMs: goneLimitMs, what: `every sign of ${name} gone` });

    expect(await effects.heal(name, signal)).toMatchObject({ actions: 0, inForce: 0, problems: [] });
    await Promise.all(actions.map((action) => swarm.owned.driver(action.capability).remove([action], signal)));
    expect(await readings(actions)).toEqual(actions.map(() => "absent"));
    await allHealthy(swarm);
    expect(swarm.exits).toEqual([]);
  },
);

test.each(rows)("%s: broken off in the middle it answers in time, and what was begun can be healed.", async (...of) => {
  const [name, row] = of;
  const { effects } = swarm;
  const { actions } = worked(`${name} aborted`, row);
  const abort = new AbortController();
  swarm.journal.onInjecting = () => abort.abort(new Error("enough"));
  const startedMs = systemClock.nowMs();
  const result = await effects.inject(actions, abort.signal);
  expect(systemClock.nowMs() - startedMs).toBeLessThan(abortedLimitMs);
  expect(result.actions).toBe(actions.length);
  await eventually(() => abort.signal.aborted, { limitMs: abortedLimitMs, what: "the abort itself" });

  const healed = await effects.heal(`${name} aborted`, signal);
  expect(healed).toMatchObject({ actions: actions.length, inForce: 0, problems: [] });
  expect(await readings(actions)).toEqual(actions.map(() => "absent"));
  await allHealthy(swarm);
  // What was on its way when it was broken off has not come after it was healed.
  expect(await readings(actions)).toEqual(actions.map(() => "absent"));
  expect(swarm.exits).toEqual([]);
});

test("Disposed of in the middle of every kind of fault nothing is left: no process, no data.", async () => {
  const { run, effects, owned } = swarm;
  const everyKind = (["kill", "pause", "isolate", "partition", "hook"] as const).map((fault, index) => {
    const [params, subjects] = ways[fault][0] ?? [{}, one];
    const onAnother = fault === "pause" ? { nodes: ["n2"], sides: [] } : subjects;
    return { id: `last-${index}`, row: { fault, params, subjects: onAnother } };
  });
  // The hook comes first: a node that is down cannot be told anything.
  for (const { id, row } of everyKind.reverse()) {
    const { actions } = worked(id, row);
    expect(await effects.inject(actions, signal)).toMatchObject({ inForce: actions.length });
  }
  expect(processesOf(run).length).toBe(3);
  await owned.dispose(AbortSignal.timeout(goneLimitMs));
  expect(processesOf(run)).toEqual([]);
  await owned.dispose(AbortSignal.timeout(goneLimitMs));
  expect(processesOf(run)).toEqual([]);
});

async function readings(actions: readonly Action[]): Promise<readonly string[]> {
  const read = actions.map((action) => swarm.owned.driver(action.capability).read([action], signal));
  return (await Promise.all(read)).flat();
}

/** Every node has answered an observer that asked after this was called. */
async function allHealthy({ recorder, plan }: Swarm): Promise<void> {
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

async function startSwarm(): Promise<Swarm> {
  const run = `fault-contract-${process.pid}`;
  const keeper = standInKeeper(run);
  const folder = mkdtempSync(join(tmpdir(), "fault-contract-"));
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
  const exits: string[] = [];
  const start = targetStarter({
    ports: () => new Ports(),
    startProxy: startProxyProcess,
    links: (server) => new ToxiproxyLinks(server),
    processes: (id, onExit) => new NodeProcesses(id, onExit),
    http: openHttp,
    transports: openTransports,
  });
  const owned = await start(
    { runId: run, folder, plan, targetFile: target.file, proxyUrl: null },
    { spawned: () => undefined, exited: ({ node, how }) => exits.push(`${node}: ${how}`) },
    signal,
  );
  const recorder = new Recorder(systemClock, join(folder, "history.ndjson"));
  const open = openTransports(null);
  const work = workOf(target, owned.addresses, open.transports);
  const observer = new Observer({ ...work, recorder, clock: systemClock, ...plan });
  for (const operation of ["health", "peers", "elections"]) observer.also(operation);
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
    watch: ({ signs }, fromMs) => {
      const silentAfterMs = silenceOf(target, plan);
      const watch = new SignWatch({ signs, hooks: target.hooks, sinceMs: fromMs, silentAfterMs });
      recorder.listen((event) => void (event.type === "probe.sampled" && watch.feed(event)));
      return watch;
    },
    close: async () => {
      await observer.stop();
      await open.close();
      recorder.close();
      await owned.dispose(AbortSignal.timeout(goneLimitMs));
      for (const pid of processesOf(run)) endProcess(pid);
      keeper.end();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
