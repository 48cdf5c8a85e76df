import { expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { leftOnMachine } from "../support/left-on-machine.ts";
import { endProcess, everyProcessOf } from "../support/processes.ts";
import type { RunFolder } from "../support/run-folder.ts";

/** How long a run of leader-loss takes until its fault is in force, at most, ms. */
const faultLimitMs = 60_000;
const inForce = (folder: RunFolder): boolean => folder.says("history.ndjson", '"type":"fault.injected"');

async function expectNothingLeft(place: Workplace, folder: RunFolder): Promise<void> {
  expect(everyProcessOf(folder.run)).toEqual([]);
  expect(leftOnMachine(folder.run)).toEqual([]);
  expect(folder.has("data")).toBe(false);
  expect(place.openRuns()).toEqual([]);
  const { runs } = onlyJson(await place.call("status", "--json")) as { readonly runs: readonly { run: string }[] };
  expect(runs.map(({ run }) => run)).not.toContain(folder.run);
}

test("The proxy is killed during a fault: the run is broken off with 69, says which part failed, blames no system, and leaves nothing.", async () => {
  await using place = new Workplace();
  const call = place.startRun("leader-loss", "--variant", "cut");
  const folder = await place.firstRun();
  await eventually(() => inForce(folder), { limitMs: faultLimitMs, what: "a fault in force" });
  const proxy = folder.journal().find((entry) => entry.entry === "spawned" && entry.what === "proxy");
  if (proxy?.entry !== "spawned") throw new Error("there is no proxy");
  endProcess(proxy.process.pid);

  const ended = await call.ended;
  expect(ended.exitCode).toBe(69);
  const brokenOff = "the proxy of the links ended by itself in the middle of the run (SIGKILL)";
  expect(onlyJson(ended)).toMatchObject({ exitCode: 69, runs: [{ folder: folder.path, brokenOff }] });
  expect(folder.json("run.json")).toMatchObject({ state: "broken-off", status: "unknown" });
  expect(folder.has("report.json")).toBe(false);
  expect(inForce(folder)).toBe(true);
  expect(folder.journal().at(-1)).toMatchObject({ entry: "disposed", residue: [] });
  const checked = await place.call("check", folder.path, "--json");
  expect(checked.exitCode).toBe(11);
  expect(onlyJson(checked)).toMatchObject({ same: null });
  await expectNothingLeft(place, folder);
});

test("A reader that goes away does not end a run: it goes on, heals, ends with the code of its verdict, and leaves nothing.", async () => {
  await using place = new Workplace();
  const call = place.start("run", "leader-loss", "--variant", "kill", "--out", place.out);
  await eventually(() => call.told() !== "", { limitMs: faultLimitMs, what: "its first word" });
  const folder = await place.firstRun();
  call.stopReading();
  expect(inForce(folder)).toBe(false);
  const { exitCode, signal } = await call.ended;
  expect(signal).toBeNull();
  expect(folder.phases().at(-1)).toBe("closing");
  expect(folder.history().map(({ type }) => type)).toContain("fault.healed");
  const code = { pass: 0, fail: 10, unknown: 11 }[folder.report().status];
  expect(exitCode).toBe(code);
  await expectNothingLeft(place, folder);
});
