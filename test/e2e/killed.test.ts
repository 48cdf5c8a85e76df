import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { type Call, onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess, everyProcessOf, keeperOf, processesOf } from "../support/processes.ts";
import type { RunFolder } from "../support/run-folder.ts";

/** The lease: so long after the runner's last word everything is to be gone, ms. */
const leaseMs = 10_000;
/** How long a run of leader-loss takes to come to any of the moments below, at most, ms. */
const momentLimitMs = 60_000;

/** Moments of a run, by what is on disk then. */
const moments = {
  "the keeper was spawned": (folder: RunFolder) => keeperOf(folder.run) !== null,
  "the first node was spawned": (folder: RunFolder) => folder.says("undo.ndjson", '"what":"n1"'),
  "a fault is being injected": (folder: RunFolder) => folder.says("undo.ndjson", '"entry":"injecting"'),
  "a fault is in force": (folder: RunFolder) => folder.says("history.ndjson", '"type":"fault.observed"'),
  "the fault is being healed": (folder: RunFolder) => folder.says("undo.ndjson", '"entry":"healing"'),
  "the run is closing": (folder: RunFolder) => folder.says("history.ndjson", '"phase":"closing"'),
} as const;
type Moment = keyof typeof moments;

interface Started {
  readonly place: Workplace;
  readonly call: Call;
  readonly folder: RunFolder;
}

/** A run of leader-loss that has come to this moment. */
async function runUntil(place: Workplace, moment: Moment): Promise<Started> {
  const call = place.startRun("leader-loss", "--variant", "kill");
  const folder = await place.firstRun();
  await eventually(() => moments[moment](folder), { limitMs: momentLimitMs, what: moment });
  return { place, call, folder };
}

async function nothingLeft({ run }: RunFolder, limitMs: number): Promise<void> {
  await eventually(() => everyProcessOf(run).length === 0, { limitMs, what: `the end of every process of ${run}` });
}

/** How `status` has this run: at work, left behind, or not at all (null). Other runs of this machine are none of this test's business. */
async function standingOf({ place, folder }: Pick<Started, "place" | "folder">): Promise<string | null> {
  const { runs } = onlyJson(await place.call("status", "--json")) as {
    readonly runs: readonly { readonly run: string; readonly standing: string }[];
  };
  return runs.find(({ run }) => run === folder.run)?.standing ?? null;
}

/** The history so far can be judged, and what it shows is no pass; a run that never got to one has at least said what it is. */
async function expectReadable({ place, folder }: Started): Promise<void> {
  expect(folder.json("run.json")).toMatchObject({ status: "unknown", run: { id: folder.run } });
  if (!folder.has("history.ndjson")) return;
  const checked = await place.call("check", folder.path, "--json");
  expect(checked.exitCode).toBe(11);
  expect(onlyJson(checked)).toMatchObject({ same: null });
  // Killed between making the file and writing its first event, there is nothing in it, and that is read too.
  expect(["starting", undefined]).toContain(folder.phases()[0]);
}

test.each(Object.keys(moments) as Moment[])(
  "The runner is killed when %s: within the lease nothing is left, and its history is readable.",
  async (moment) => {
    await using place = new Workplace();
    const started = await runUntil(place, moment);
    started.call.kill("SIGKILL");
    expect((await started.call.ended).signal).toBe("SIGKILL");
    await nothingLeft(started.folder, leaseMs);
    expect(started.folder.has("data")).toBe(false);
    await expectReadable(started);
    expect(await standingOf(started)).toBeNull();
  },
);

test.each(["the first node was spawned", "a fault is in force", "the fault is being healed"] as const)(
  "Runner and keeper are killed when %s: status names the run, a new run refuses, heal takes all of it back.",
  async (moment) => {
    await using place = new Workplace();
    const started = await runUntil(place, moment);
    const { call, folder } = started;
    const keeper = keeperOf(folder.run);
    expect(keeper).not.toBeNull();
    endProcess(keeper ?? 0);
    call.kill("SIGKILL");
    expect((await call.ended).signal).toBe("SIGKILL");
    expect(processesOf(folder.run)).not.toEqual([]);

    const status = await place.call("status", "--json");
    expect(status.exitCode).toBe(13);
    expect(await standingOf(started)).toBe("residue");
    const refused = await place.startRun("leader-loss", "--variant", "kill").ended;
    expect(refused.exitCode).toBe(13);
    expect(onlyJson(refused)).toMatchObject({
      error: { code: "residue", message: expect.stringContaining(folder.run), next: "prism-chaos heal" },
    });
    expect(place.runs()).toHaveLength(1);

    const healed = await place.call("heal", folder.run, "--json");
    expect(healed.exitCode).toBe(0);
    expect(onlyJson(healed)).toMatchObject({ clean: true, healed: [{ run: folder.run, residue: [] }] });
    expect(everyProcessOf(folder.run)).toEqual([]);
    expect(folder.has("data")).toBe(false);
    expect(folder.journal().at(-1)).toMatchObject({ entry: "disposed", residue: [] });
    await expectReadable(started);

    const again = await place.call("heal", folder.run, "--json");
    expect(again.exitCode).toBe(0);
    expect(onlyJson(again)).toEqual({ clean: true, healed: [], byHand: [] });
    expect(await standingOf(started)).toBeNull();
  },
);

test("The keeper alone is killed in a fault: the runner ends by itself, heals from the journal, and nothing is left.", async () => {
  await using place = new Workplace();
  const { call, folder } = await runUntil(place, "a fault is in force");
  const keeper = keeperOf(folder.run);
  expect(keeper).not.toBeNull();
  endProcess(keeper ?? 0);
  const ended = await call.ended;
  expect(ended.exitCode).toBe(69);
  expect(onlyJson(ended)).toMatchObject({ exitCode: 69, runs: [{ brokenOff: expect.stringContaining("keeper") }] });
  expect(everyProcessOf(folder.run)).toEqual([]);
  expect(folder.json("run.json")).toMatchObject({ state: "broken-off", status: "unknown" });
  expect(folder.journal().at(-1)).toMatchObject({ entry: "disposed", residue: [] });
});

test("A runner that sleeps for longer than the lease finds all healed when it wakes, and injects nothing more.", async () => {
  await using place = new Workplace();
  const call = place.startRun("leader-loss", "--variant", "kill");
  const folder = await place.firstRun();
  await eventually(() => folder.says("history.ndjson", '"phase":"warm-up"'), {
    limitMs: momentLimitMs,
    what: "the warm-up",
  });
  call.kill("SIGSTOP");
  // The lease lapses, and then the keeper has its own time to heal.
  await nothingLeft(folder, 2 * leaseMs);
  call.kill("SIGCONT");
  const ended = await call.ended;
  expect(ended.exitCode).toBe(69);
  expect(folder.history().filter(({ type }) => type === "fault.injected")).toEqual([]);
  expect(folder.journal().map(({ entry }) => entry)).not.toContain("injecting");
  expect(everyProcessOf(folder.run)).toEqual([]);
  expect(await standingOf({ place, folder })).toBeNull();
});

test("What was left behind is told and healed also after the reports were removed: which faults, and since when.", async () => {
  await using place = new Workplace();
  const started = await runUntil(place, "a fault is in force");
  const { call, folder } = started;
  const keeper = keeperOf(folder.run);
  endProcess(keeper ?? 0);
  call.kill("SIGKILL");
  await call.ended;
  rmSync(place.out, { recursive: true });
  const status = await place.call("status");
  expect(status.exitCode).toBe(13);
  expect(status.stdout).toMatch(/LEFT BEHIND .*\n {2}broken: kill \(1 action\) since \d{4}-\d\d-\d\dT/);
  const healed = await place.call("heal", folder.run, "--json");
  expect(healed.exitCode).toBe(0);
  expect(onlyJson(healed)).toMatchObject({ clean: true, healed: [{ run: folder.run, actions: 1, residue: [] }] });
  expect(everyProcessOf(folder.run)).toEqual([]);
  expect(await standingOf(started)).toBeNull();
  expect(place.openRuns()).toEqual([]);
});
