import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Action } from "../../src/core/action.ts";
import { cutModes } from "../../src/core/capability.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { FaultEffect, FaultSubjects } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { commandTransport } from "../../src/drivers/command.ts";
import { machineTraces } from "../../src/drivers/machine-traces.ts";
import { processTable } from "../../src/drivers/proc.ts";
import { faults } from "../../src/faults/index.ts";
import { healRun } from "../../src/keeper/heal.ts";
import { openActions, readJournal } from "../../src/keeper/journal.ts";
import { OpenRuns } from "../../src/keeper/open-runs.ts";
import { undoCommands } from "../../src/targets/exec-driver.ts";
import { allHealthy, type ContractSwarm, startContractSwarm, target } from "../support/contract-swarm.ts";
import { eventually } from "../support/eventually.ts";
import { leftOnMachine } from "../support/left-on-machine.ts";
import { processesOf } from "../support/processes.ts";

/** So long has a witness to see a fault (the engine's own limit), and a system to come back from it (leader-loss: recovery.time), in ms. */
const seenLimitMs = 3000;
const goneLimitMs = 5000;
/** An act that is broken off must say so long before the keeper's deadline for healing (20 s), in ms. */
const abortedLimitMs = 1000;

const { signal } = new AbortController();

let swarm: ContractSwarm;
beforeAll(async () => {
  swarm = await startContractSwarm(`fault-contract-${process.pid}`, ["process.memory", "disk.fill"]);
  await allHealthy(swarm);
  await storeBlocks(24);
});
// What a test that failed has left in force must not be the next one's failure.
afterEach(() => swarm.effects.heal(null, signal));
afterAll(() => swarm.close());

interface Row {
  readonly fault: keyof typeof faults;
  readonly params: JsonObject;
  readonly subjects: FaultSubjects;
}
const on = (...nodes: readonly string[]): FaultSubjects => ({ nodes, sides: [] });
const one = on("n1");
const all = on("n1", "n2", "n3");
const sides: FaultSubjects = { nodes: [], sides: [["n1"], ["n2", "n3"]] };
/** A file on this machine, not of the target's. */
const poked = join("/tmp", `fault-contract-${process.pid}-{node}`);
const poke = {
  program: "touch",
  arguments: [poked],
  undo: { program: "rm", arguments: ["-f", poked] },
  check: { program: "test", arguments: ["-f", poked] },
};
/** Every kind of fault with each of its ways: a kind that is not in here does not compile. */
const ways: Readonly<Record<keyof typeof faults, readonly (readonly [JsonObject, FaultSubjects])[]>> = {
  "alter-record": [[{ files: "audit" }, one]],
  bandwidth: [[{ rate: "1KB/s" }, sides]],
  "bit-flip": [[{ files: "blocks", rate: "20%" }, one]],
  bridge: [[{}, one]],
  // Held to it in test/real: nodes have to be started with a library that is not everywhere.
  "clock-skew": [],
  corrupt: [[{ rate: "20%" }, one]],
  "cpu-limit": [
    [{ share: "50%" }, all],
    [{ share: "60%", of: "node" }, one],
  ],
  "crash-loop": [[{ up: "3s", down: "300ms" }, one]],
  "descriptor-limit": [[{ limit: 256 }, one]],
  "disk-fill": [[{ level: "80%" }, one]],
  exec: [[poke, all]],
  "folder-failure": [[{ files: "blocks" }, one]],
  hook: [[{ hook: "hold-elections" }, one]],
  isolate: cutModes.map((mode) => [{ mode }, one] as const),
  kill: [[{}, one]],
  latency: [
    [{ delay: "100ms" }, one],
    [{ delay: "100ms", jitter: "20ms", direction: "in" }, one],
  ],
  "majorities-ring": [[{}, all]],
  "memory-limit": [[{ limit: "256MiB" }, all]],
  "one-way": [[{}, sides]],
  partition: cutModes.map((mode) => [{ mode }, sides] as const),
  pause: [[{}, one]],
  reset: [[{}, one]],
  restart: [[{ down: "200ms" }, on("n1", "n2")]],
  "rolling-restart": [[{ every: "1s" }, on("n1", "n2")]],
  "service-failure": [
    [{ service: "storage" }, one],
    [{ service: "p2p", dependents: true }, one],
  ],
  stall: [[{}, sides]],
  "torn-write": [[{ files: "blocks", rate: "20%" }, one]],
  truncate: [[{ files: "blocks", rate: "20%" }, one]],
};
const rows = (Object.keys(ways) as (keyof typeof faults)[]).flatMap((fault) =>
  ways[fault].map(([params, subjects], index): readonly [string, Row] => {
    const way = Object.values(params)
      .filter((value) => typeof value === "string")
      .join();
    return [`${fault} ${way || index}`, { fault, params, subjects }];
  }),
);

test("Every registered fault is held to the contract, the cuts in every mode.", () => {
  const held = new Set(rows.map(([, { fault }]) => fault));
  expect(Object.keys(faults).filter((name) => !held.has(name as keyof typeof faults))).toEqual(["clock-skew"]);
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(cutModes.map((mode) => `isolate ${mode}`)));
});

function worked(id: string, { fault, params, subjects }: Row): FaultEffect {
  const { links, castingOrder: order, seed } = swarm.plan;
  return faults[fault].work(params, { id, subjects, links, order, seed: seed + id, files: target.files, cores: 2 });
}

test.each(rows)(
  "%s: in force when it says so, seen from outside, healed and gone, healed twice harmlessly.",
  async (...of) => {
    const [name, row] = of;
    const { effects, recorder, folder } = swarm;
    const effect = worked(name, row);
    const { actions, shownWithinMs = 0 } = effect;
    expect(actions.length).toBeGreaterThan(0);
    // What the system repairs may be gone before anybody looks; what it does not stays.
    const undone = actions.filter(({ undo }) => undo !== "irreversible");
    expect(await readings(actions)).toEqual(actions.map(() => "absent"));

    const injected = await effects.inject(actions, signal);
    expect(injected).toMatchObject({ actions: actions.length, inForce: actions.length, problems: [] });
    expect(openActions(readJournal(folder))).toEqual(actions);
    expect(await readings(undone)).toEqual(undone.map(() => "in-force"));
    const watch = swarm.watch(effect, recorder.sinceStart(injected.finishedMs));
    const unseen = (): boolean => watch.seen().unseen.length === 0;
    const limitMs = seenLimitMs + watch.silenceMs + shownWithinMs;
    await eventually(unseen, { limitMs, what: `every sign of ${name} seen: ${watch.seen().unseen.join()}` });

    const healed = await effects.heal(name, signal);
    expect(healed).toMatchObject({ actions: actions.length, inForce: 0, problems: [] });
    expect(await readings(undone)).toEqual(undone.map(() => "absent"));
    expect(openActions(readJournal(folder))).toEqual([]);
    watch.beginHealed(recorder.sinceStart(healed.finishedMs));
    await eventually(() => watch.allGone(), {
      limitMs: goneLimitMs + shownWithinMs,
      what: `every sign of ${name} gone`,
    });

    expect(await effects.heal(name, signal)).toMatchObject({ actions: 0, inForce: 0, problems: [] });
    await Promise.all(actions.map((action) => swarm.owned.driver(action.capability).remove([action], signal)));
    expect(await readings(undone)).toEqual(undone.map(() => "absent"));
    await allHealthy(swarm);
    expect(swarm.exits).toEqual([]);
  },
);

test.each(rows)("%s: broken off in the middle it answers in time, and what was begun can be healed.", async (...of) => {
  const [name, row] = of;
  const { effects } = swarm;
  const { actions } = worked(`${name} aborted`, row);
  const undone = actions.filter(({ undo }) => undo !== "irreversible");
  const abort = new AbortController();
  swarm.journal.onInjecting = () => abort.abort(new Error("enough"));
  const startedMs = systemClock.nowMs();
  const result = await effects.inject(actions, abort.signal);
  expect(systemClock.nowMs() - startedMs).toBeLessThan(abortedLimitMs);
  expect(result.actions).toBe(actions.length);
  await eventually(() => abort.signal.aborted, { limitMs: abortedLimitMs, what: "the abort itself" });

  const healed = await effects.heal(`${name} aborted`, signal);
  expect(healed).toMatchObject({ actions: actions.length, inForce: 0, problems: [] });
  expect(await readings(undone)).toEqual(undone.map(() => "absent"));
  await allHealthy(swarm);
  // What was on its way when it was broken off has not come after it was healed.
  expect(await readings(undone)).toEqual(undone.map(() => "absent"));
  expect(swarm.exits).toEqual([]);
});

/** One way of every kind; what needs an answer of the node comes before what takes the node away. */
const everyKind = [...rows].sort(([, left], [, right]) => rank(left) - rank(right));
function rank({ fault }: Row): number {
  if (["kill", "pause", "restart", "rolling-restart", "crash-loop"].includes(fault)) return 2;
  return fault === "disk-fill" || fault === "folder-failure" ? 1 : 0;
}

test("Disposed of in the middle of every kind of fault nothing is left: no process, no cgroup, no mount, no data.", async () => {
  const { run, effects, owned, folder } = swarm;
  const problems: string[] = [];
  for (const [name, row] of everyKind) {
    const result = await effects.inject(worked(`last ${name}`, row).actions, signal);
    problems.push(...result.problems);
  }
  expect(problems).toEqual([]);
  expect(leftOnMachine(run).length).toBeGreaterThan(0);
  expect(processesOf(run).length).toBeGreaterThan(0);
  await effects.heal(null, signal);
  await owned.dispose(AbortSignal.timeout(goneLimitMs));
  expect([processesOf(run), leftOnMachine(run)]).toEqual([[], []]);
  expect(existsSync(join(folder, "data"))).toBe(false);
  await owned.dispose(AbortSignal.timeout(goneLimitMs));
  expect([processesOf(run), leftOnMachine(run)]).toEqual([[], []]);
});

test("Healed from the journal alone nothing is left either, and what programs did to this machine is undone.", async () => {
  const run = `fault-journal-${process.pid}`;
  const left = await startContractSwarm(run, ["process.memory", "disk.fill"]);
  try {
    const kept = ["cpu-limit 50%", "disk-fill 80%", "exec touch", "memory-limit 256MiB", "partition stall", "pause 0"];
    for (const [name, row] of rows.filter(([known]) => kept.includes(known))) {
      expect(await left.effects.inject(worked(name, row).actions, signal)).toMatchObject({ problems: [] });
    }
    const files = ["n1", "n2", "n3"].map((node) => poked.replace("{node}", node));
    expect(files.map((file) => existsSync(file))).toEqual([true, true, true]);
    expect(leftOnMachine(run).length).toBeGreaterThan(0);
    const standing = {
      run,
      folder: left.folder,
      keeper: nobody,
      runner: null,
      openedAt: "",
      processes: [],
      traces: [],
    };
    const openRuns = new OpenRuns(left.folder);
    const healing = await healRun({ ...standing, standing: "residue" }, { ...journalParts, openRuns });
    expect(healing.residue).toEqual([]);
    expect(healing.actions).toBeGreaterThan(kept.length);
    expect(openActions(readJournal(left.folder))).toEqual([]);
    expect([processesOf(run), leftOnMachine(run)]).toEqual([[], []]);
    expect(files.map((file) => existsSync(file))).toEqual([false, false, false]);
  } finally {
    await left.close();
  }
});

/** Healing as the harness has it. */
const journalParts: Omit<Parameters<typeof healRun>[1], "openRuns"> = {
  processes: processTable,
  traces: machineTraces,
  removeForeignProxies: () => Promise.reject(new Error("the proxy was ours")),
  removeContainer: () => Promise.resolve(),
  restoreForeign: () => Promise.reject(new Error("the target was ours")),
  undoCommands: (run, left, within) => undoCommands({ run, command: commandTransport() }, left, within),
};
const nobody = { pid: 2 ** 30, startTime: 1 };

async function readings(actions: readonly Action[]): Promise<readonly string[]> {
  const read = actions.map((action) => swarm.owned.driver(action.capability).read([action], signal));
  return (await Promise.all(read)).flat();
}

/** Stores blocks on every node, for faults that alter them, and waits until each is on all three: else there is nothing to repair one from. */
async function storeBlocks(count: number): Promise<void> {
  const { addresses } = swarm.owned;
  const urls = addresses.map(({ host, ports }) => `http://${host}:${ports["http"]}/api/v1`);
  for (let index = 0; index < count; index += 1) {
    const content = Buffer.from(`block ${index} `.repeat(100)).toString("base64");
    const headers = { "content-type": "application/json" };
    const url = `${urls[index % urls.length]}/storage/blocks`;
    const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify({ content }) });
    expect(status).toBe(201);
  }
  const stored = addresses.map(({ node }) => join(swarm.folder, "data", node, "blocks"));
  const areEverywhere = (): boolean => stored.every((folder) => readdirSync(folder).length >= count);
  await eventually(areEverywhere, { limitMs: target.nodes.readyLimitMs, what: "every block on every node" });
}
