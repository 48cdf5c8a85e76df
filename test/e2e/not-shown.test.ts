import { expect, test } from "vitest";
import { Workplace } from "../support/command-line.ts";
import { serveIdleProxy } from "../support/idle-proxy.ts";

test("A proxy that says it cut and did not: the witness saw nothing, so the run shows nothing and ends with 11.", async () => {
  await using place = new Workplace();
  await using proxy = await serveIdleProxy();
  const ended = await place.startRun("leader-loss", "--variant", "cut", "--proxy", proxy.url).ended;
  const folder = await place.firstRun();
  expect(ended.exitCode).toBe(11);
  // Isolating one of five nodes cuts eight directed links; each was asked for, and read back as in force.
  expect(proxy.cuts()).toBe(8);
  expect(folder.history().find(({ type }) => type === "fault.injected")).toMatchObject({ actions: 8, inForce: 8 });
  const { status, verdicts } = folder.report();
  expect(status).toBe("unknown");
  expect(verdicts.find(({ check }) => check === "fault-in-force")).toMatchObject({
    status: "unknown",
    reason: expect.stringMatching(
      /not shown that the fault took hold.*the witness did not see: n\d hears nothing of n\d/,
    ),
  });
  expect(verdicts.filter((verdict) => verdict.status === "fail")).toEqual([]);
  expect(await proxy.proxies()).toEqual([]);
});
