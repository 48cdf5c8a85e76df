import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "undici";
import { Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { changedReference, HandStarted } from "../support/hand-started.ts";
import { endProcess, everyProcessOf, keeperOf } from "../support/processes.ts";

const place = new Workplace();
const swarm = new HandStarted();
let target: string;
let scenario: string;

const held = `
name: held
title: Elections are held for a while on a system that runs already
class: leader_election_failure
profiles:
  quick: { nodes: 5, warmUp: 500ms, coolDown: 200ms }
  full: { nodes: 5, warmUp: 500ms, coolDown: 200ms }
steadyState: { probes: [healthy, one-leader, all-links], hold: 500ms, within: 20s }
phase: 100ms
workload:
  name: register
  clientsPerNode: 1
  roamingClients: 1
  keys: 3
  think: 8ms
  timeout: 1s
  mix: { read: 0.5, write: 0.35, cas: 0.15 }
checks: [steady-before, fault-in-force, at-risk, fault-gone, one-leader-per-term, acknowledged-writes, linearizable]
expect: [recovery.time <= 5s]
recoverWithin: 10s
variants:
  held:
    title: Nobody stands for election by itself
    cast: {}
    timeline:
      - { inject: hook, with: { hook: hold-elections }, on: everyone, for: 1500ms }
`;

/** What each node says itself. */
async function heldElections(): Promise<readonly unknown[]> {
  const asked = swarm.addresses.map(async ({ host, ports }) => {
    const { body } = await request(`http://${host}:${ports["admin"]}/elections`);
    return ((await body.json()) as { held: unknown }).held;
  });
  return Promise.all(asked);
}

beforeAll(async () => {
  mkdirSync(join(place.folder, "data"), { recursive: true });
  await swarm.start(3, join(place.folder, "data"));
  target = changedReference(join(place.folder, "there.yaml"), (file) => {
    file.name = "there";
    file.nodes = { addresses: swarm.addresses, readyWithin: "20s" };
    delete file.links;
    delete file["files"];
  });
  scenario = join(place.folder, "held.yaml");
  writeFileSync(scenario, held);
});
afterAll(async () => {
  await swarm[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

test("A system elsewhere is broken only where its name is written out; on this machine it needs no word.", async () => {
  const elsewhere = changedReference(join(place.folder, "elsewhere.yaml"), (file) => {
    file.name = "elsewhere";
    const addresses = swarm.addresses.map((address) => ({ ...address, host: "192.0.2.1" }));
    file.nodes = { addresses, readyWithin: "500ms" };
    delete file.links;
    delete file["files"];
  });
  const refused = await place.startRun(scenario, "--target", elsewhere).ended;
  expect(refused.exitCode).toBe(64);
  expect(refused.stdout).toContain("target elsewhere is not on this machine (192.0.2.1)");
  expect(refused.stdout).toContain("--allow elsewhere");
  expect(place.runs()).toEqual([]);
  // Written out, it is tried; here nobody is there to answer.
  const allowed = await place.startRun(scenario, "--target", elsewhere, "--allow", "elsewhere").ended;
  expect(allowed.exitCode).toBe(69);
  expect(allowed.stdout).toContain("gave no healthy answer");
  rmSync(place.out, { recursive: true });
  const defaults = join(place.folder, "prism-chaos.config.yaml");
  writeFileSync(defaults, "allow: [elsewhere]\n");
  const asked = ["run", scenario, "--target", elsewhere, "--out", place.out, "--json"];
  const byDefault = await place.callIn({ cwd: place.folder }, ...asked);
  rmSync(defaults);
  expect(byDefault.exitCode).toBe(69);
  expect(byDefault.stdout).toContain("gave no healthy answer");
  rmSync(place.out, { recursive: true });
});

test("A system that runs already is tested by its own hooks; nothing of it is started, ended or left changed.", async () => {
  const ended = await place.startRun(scenario, "--target", target).ended;
  expect(ended).toMatchObject({ exitCode: 0 });
  const run = await place.firstRun();
  expect(run.plan().nodes).toEqual(["n1", "n2", "n3"]);
  expect(run.plan().links).toEqual([]);
  expect(run.journal().map(({ entry }) => entry)).toEqual([
    "opened",
    "foreign",
    ...Array.from({ length: 3 }, () => "injecting"),
    ...Array.from({ length: 3 }, () => "injected"),
    ...Array.from({ length: 3 }, () => "healing"),
    ...Array.from({ length: 3 }, () => "healed"),
    "disposed",
  ]);
  expect(everyProcessOf(run.run)).toEqual([]);
  expect(swarm.alive).toBe(3);
});

test("Killed in the middle, with its keeper, it leaves hooks in force; `heal` takes them back from the journal.", async () => {
  const call = place.startRun(scenario, "--target", target);
  const run = await eventually(() => place.runs()[1] ?? null, { limitMs: 10_000, what: "the second run" });
  await eventually(() => run.says("undo.ndjson", '"injected"'), { limitMs: 20_000, what: "hooks in force" });
  const keeper = keeperOf(run.run);
  if (keeper !== null) endProcess(keeper);
  call.kill("SIGKILL");
  await call.ended;
  expect(await heldElections()).toEqual([true, true, true]);
  const healed = await place.call("heal");
  expect(healed).toMatchObject({ exitCode: 0 });
  expect(await heldElections()).toEqual([false, false, false]);
  expect(place.openRuns()).toEqual([]);
});

test("Its processes cannot be killed, and its links not cut: exit 69, with what is missing and who has it.", async () => {
  for (const [variant, capability] of [
    ["kill", "process.kill"],
    ["cut", "link.stall"],
  ] as const) {
    const planned = await place.call("plan", "leader-loss", "--variant", variant, "--target", target);
    expect(planned.exitCode).toBe(69);
    expect(planned.stdout).toContain(`capability "${capability}"`);
    expect(planned.stdout).toMatch(/targets that have it all: .*reference/);
    expect((await place.call("run", "leader-loss", "--variant", variant, "--target", target)).exitCode).toBe(69);
  }
});

test("The first of its nodes are used, as many as are asked for; more than there are is refused: exit 64.", async () => {
  const two = await place.call("plan", scenario, "--target", target, "--nodes", "2");
  expect(two.stdout).toMatch(/2 nodes \(as asked for\)/);
  const usual = await place.call("plan", scenario, "--target", target);
  expect(usual.stdout).toMatch(/3 nodes \(all that the target has; the profile says 5\)/);
  const many = await place.call("plan", scenario, "--target", target, "--nodes", "4");
  expect(many.exitCode).toBe(64);
  expect(many.stderr).toMatch(/4 nodes do not fit.*takes 1 to 3/);
});
