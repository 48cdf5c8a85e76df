import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { action, type Action, type Driver, type Reading } from "../core/action.ts";
import { systemClock } from "../core/clock.ts";
import type { MachineTraces, Trace } from "../core/machine-traces.ts";
import type { OwnedTarget, ProcessTable } from "../core/owned-target.ts";
import { Effects } from "./effects.ts";
import { healRun } from "./heal.ts";
import { type Injection, Journal, openActions, readJournal } from "./journal.ts";
import { OpenRuns } from "./open-runs.ts";

const base = mkdtempSync(join(tmpdir(), "irreversible-"));
afterAll(() => rmSync(base, { recursive: true }));
const fresh = (): string => mkdtempSync(join(base, "run-"));
const { signal } = new AbortController();

/** Files that are altered, and repaired by nobody but the system. */
class Files implements Driver {
  readonly altered = new Set<string>();
  readonly removals: string[] = [];

  capture(batch: readonly Action[]): Promise<readonly { readonly files: readonly { readonly name: string }[] }[]> {
    return Promise.resolve(batch.map(({ id }) => ({ files: [{ name: `blocks/${id.at(-1)}` }] })));
  }
  apply(batch: readonly Action[]): Promise<void> {
    for (const { id } of batch) this.altered.add(id);
    return Promise.resolve();
  }
  remove(batch: readonly Action[]): Promise<void> {
    this.removals.push(...batch.map(({ id }) => id));
    for (const { id } of batch) this.altered.delete(id);
    return Promise.resolve();
  }
  read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return Promise.resolve(batch.map(({ id }) => (this.altered.has(id) ? "in-force" : "absent")));
  }
}

const flip = (node: string): Action =>
  action({ fault: "f", capability: "disk.alter", subject: { kind: "node", node }, params: {}, undo: "irreversible" });
const exec = (node: string): Action =>
  action({ fault: "f", capability: "host.exec", subject: { kind: "node", node }, params: {}, undo: "remove" });

function effectsOn(
  files: Files,
  isForeign: boolean,
): { readonly effects: Effects; readonly folder: string; readonly journal: Journal } {
  const folder = fresh();
  const journal = new Journal(folder);
  const target: OwnedTarget = {
    isForeign,
    addresses: [],
    driver: () => files,
    dispose: () => Promise.resolve(),
  };
  return { effects: new Effects({ target, journal, clock: systemClock }), folder, journal };
}

test("What cannot be taken back is only read when it is healed, counted apart, and open no more.", async () => {
  const files = new Files();
  const { effects, folder } = effectsOn(files, false);
  const batch = [flip("n1"), flip("n2")];
  const injected = await effects.inject(batch, signal);
  expect(injected).toMatchObject({ actions: 2, inForce: 2, problems: [] });
  expect(injected.captured).toEqual({
    "f/disk.alter/n1": { files: [{ name: "blocks/1" }] },
    "f/disk.alter/n2": { files: [{ name: "blocks/2" }] },
  });
  // The system has repaired one of them by itself.
  files.altered.delete("f/disk.alter/n1");
  expect(await effects.heal("f", signal)).toMatchObject({ actions: 2, inForce: 0, altered: 1, problems: [] });
  expect(files.removals).toEqual([]);
  expect(openActions(readJournal(folder))).toEqual([]);
  expect(readJournal(folder).filter(({ entry }) => entry === "altered")).toMatchObject([{ action: "f/disk.alter/n2" }]);
  expect(await effects.heal("f", signal)).toMatchObject({ actions: 0, inForce: 0, altered: 0 });
});

test("A target that is not ours is never changed for good: that is refused, and told.", async () => {
  const files = new Files();
  const { effects } = effectsOn(files, true);
  const injected = await effects.inject([flip("n1"), exec("n2")], signal);
  expect(injected).toMatchObject({ actions: 2, inForce: 1, problems: [expect.stringContaining("f/disk.alter/n1")] });
  expect([...files.altered]).toEqual(["f/host.exec/n2"]);
});

/** A machine on which a run has made these; what is `stuck` does not go. */
function machine(made: Trace[], stuck = false): MachineTraces {
  return {
    find: (run) => made.filter((trace) => run === null || trace.run === run),
    clear: (run) => {
      if (!stuck) made.splice(0, made.length, ...made.filter((trace) => trace.run !== run));
      return Promise.resolve();
    },
  };
}

const nobody: ProcessTable = {
  identify: () => null,
  isAlive: () => false,
  tagged: () => [],
  keeperOf: () => null,
  kill: () => false,
};

/** A run that was left behind with these actions open. */
function leftBehind(openRuns: OpenRuns, left: readonly Injection[]): Parameters<typeof healRun>[0] {
  const folder = fresh();
  const journal = new Journal(folder);
  journal.append(left.map((one) => ({ entry: "injecting", atMs: 1, ...one })));
  journal.close();
  openRuns.add({ run: "r", folder, keeper: { pid: 2 ** 30, startTime: 1 }, runner: null, openedAt: "now" });
  const [found] = openRuns.standings(nobody, machine([]));
  if (found === undefined) throw new Error("the run is not in the index");
  return found;
}

test("From the journal alone commands of the scenario are undone by what was captured of them, whosever the target was.", async () => {
  const openRuns = new OpenRuns(fresh());
  const captured = { undo: { program: "undo", arguments: [] }, check: { program: "check", arguments: [] } };
  const left = leftBehind(openRuns, [
    { action: exec("n1"), captured },
    { action: flip("n1"), captured: {} },
  ]);
  const asked: Injection[] = [];
  const parts = (still: readonly Action[]): Parameters<typeof healRun>[1] => ({
    processes: nobody,
    openRuns,
    traces: machine([]),
    removeForeignProxies: () => Promise.resolve(),
    removeContainer: () => Promise.resolve(),
    restoreForeign: () => Promise.reject(new Error("the target is ours")),
    undoCommands: (_run, commands) => {
      asked.push(...commands);
      return Promise.resolve(still);
    },
  });
  expect((await healRun(left, parts([exec("n1")]))).residue).toEqual(["f/host.exec/n1 is in force"]);
  expect(asked).toEqual([{ action: exec("n1"), captured }]);
  expect((await healRun(left, parts([]))).residue).toEqual([]);
  expect(openRuns.standings(nobody, machine([]))).toEqual([]);
});

test("Cgroups and mounts are found by their names, make a run residue alone, and are removed by healing.", async () => {
  const made: Trace[] = [
    { run: "r", what: "cgroup /c/prism-chaos.r" },
    { run: "other", what: "mount /m" },
  ];
  const openRuns = new OpenRuns(fresh());
  const standings = openRuns.standings(nobody, machine(made));
  expect(standings.map(({ run, standing, traces }) => [run, standing, traces])).toEqual([
    ["r", "residue", ["cgroup /c/prism-chaos.r"]],
    ["other", "residue", ["mount /m"]],
  ]);
  const [left] = standings;
  if (left === undefined) throw new Error("nothing was found");
  const healing = (traces: MachineTraces): ReturnType<typeof healRun> =>
    healRun(left, {
      processes: nobody,
      openRuns,
      traces,
      removeForeignProxies: () => Promise.resolve(),
      removeContainer: () => Promise.resolve(),
      restoreForeign: () => Promise.resolve([]),
      undoCommands: () => Promise.resolve([]),
    });
  expect((await healing(machine(made, true))).residue).toEqual(["cgroup /c/prism-chaos.r"]);
  expect((await healing(machine(made))).residue).toEqual([]);
  expect(made.map(({ run }) => run)).toEqual(["other"]);
});
