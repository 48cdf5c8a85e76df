import { expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { everyProcessOf, keeperOf } from "../support/processes.ts";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
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

test("A second signal tells what is still to heal, a third leaves at once with the command, and the keeper heals all the same.", async () => {
  await using place = new Workplace();
  const call = place.startRun("leader-loss", "--variant", "pause");
  const folder = await place.firstRun();
  const inForce = (): boolean => folder.says("history.ndjson", '"type":"fault.observed"');
  await eventually(inForce, { limitMs: 60_000, what: "a fault in force" });
  const keeper = keeperOf(folder.run);
  if (keeper === null) throw new Error("there is no keeper");
  // A keeper that stands still makes healing last: so there is a second and a third time.
  process.kill(keeper, "SIGSTOP");
  try {
    call.kill("SIGINT");
    await eventually(() => call.told().includes("stopping and healing"), { limitMs: 5000, what: "the first word" });
    call.kill("SIGINT");
    const told = (): boolean => /still to heal: pause \(1 action\), then 5 nodes to end/.test(call.told());
    await eventually(told, { limitMs: 5000, what: "what is still to heal" });
    call.kill("SIGTERM");
    const ended = await call.ended;
    expect(ended.exitCode).toBe(13);
    expect(ended.stderr).toContain(`prism-chaos heal ${folder.run}`);
  } finally {
    process.kill(keeper, "SIGCONT");
  }
  await eventually(() => everyProcessOf(folder.run).length === 0, { limitMs: 30_000, what: "the keeper's healing" });
  expect((await place.call("status")).exitCode).toBe(0);
  const entries = folder.journal().map(({ entry }) => entry);
  expect(entries.slice(-3)).toEqual(["healing", "healed", "disposed"]);
});
