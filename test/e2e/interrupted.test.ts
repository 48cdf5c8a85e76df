import { expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { everyProcessOf } from "../support/processes.ts";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle of a fault heals, leaves nothing, and ends with %i.", async (signal, exitCode) => {
  await using place = new Workplace();
  const call = place.startRun("leader-loss", "--variant", "pause");
  const folder = await place.firstRun();
  const inForce = (): boolean => folder.says("history.ndjson", '"type":"fault.observed"');
  await eventually(inForce, { limitMs: 60_000, what: "a fault in force" });
  call.kill(signal);
  const ended = await call.ended;
  expect(ended.exitCode).toBe(exitCode);
  expect(onlyJson(ended)).toMatchObject({ exitCode, runs: [{ folder: folder.path, brokenOff: "interrupted" }] });
  expect(everyProcessOf(folder.run)).toEqual([]);
  expect(folder.has("data")).toBe(false);
  expect(folder.json("run.json")).toMatchObject({ state: "broken-off", status: "unknown" });
  const entries = folder.journal().map(({ entry }) => entry);
  expect(entries.slice(entries.indexOf("injecting")).join(" ")).toBe("injecting injected healing healed disposed");
  const checked = await place.call("check", folder.path, "--json");
  expect(checked.exitCode).toBe(11);
  expect(onlyJson(checked)).toMatchObject({ same: null });
});
