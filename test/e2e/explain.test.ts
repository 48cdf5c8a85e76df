import { afterAll, expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["what there is", [], /scenario .*\n +target .*\n +config .*fault\.isolate .*failover\.time/s],
  ["a key", ["scenario.steadyState.hold"], /^scenario\.steadyState\.hold\n.*type +a time with its unit/s],
  ["a key of a record, by *", ["target.operations.*.definite"], /^target\.operations\.\*\.definite\n/],
  ["the same by a name and without its root", ["operations.write.definite"], /^target\.operations\.\*\.definite\n/],
  [
    "a key in a list, with an index",
    ["variants.kill.timeline[0].inject"],
    /^scenario\.variants\.\*\.timeline\.inject\n/,
  ],
  ["a key by its last part, where it is the only one", ["clientsPerNode"], /^scenario\.workload\.clientsPerNode\n/],
  ["a fault's parameter", ["fault.isolate.mode"], /allowed +stall, blackhole, refuse, reset\n +default +stall/],
  ["a fault", ["isolate"], /^fault\.isolate\n +Cut nodes off/],
  ["a measure", ["failover.time"], /^measure failover\.time\n/],
  ["a probe", ["healthy"], /^probe healthy\n/],
  ["a default of a repository", ["config.timeout"], /example +timeout: 10m/],
];

test.each(rows)("`explain` tells %s.", async (_what, args, text) => {
  const told = await place.call("explain", ...args);
  expect([told.exitCode, told.stderr]).toEqual([0, ""]);
  expect(told.stdout).toMatch(text);
});

test.each([
  ["scenario.steadyState.hodl", /did you mean scenario\.steadyState\.hold\?/],
  ["clientsPerNod", /did you mean clientsPerNode\?/],
  ["failover.tme", /did you mean failover\.time\?/],
  ["hold", /stands in several places: scenario\./],
])("`explain %s` says what is near: exit 64, also as JSON.", async (key, message) => {
  const told = await place.call("explain", key);
  expect(told.exitCode).toBe(64);
  expect(told.stderr).toMatch(message);
  const json = await place.call("explain", key, "--json");
  expect(onlyJson(json)).toMatchObject({ error: { exitCode: 64, message: expect.stringMatching(message) } });
});

test("With --json a key's facts are one document.", async () => {
  const told = onlyJson(await place.call("explain", "config.repeat", "--json"));
  expect(told).toMatchObject([
    { name: "config.repeat", key: { type: "a whole number", default: 1, bounds: "at least 1", examples: [5] } },
  ]);
});
