import { afterAll, expect, test } from "vitest";
import { inventory } from "../../src/harness-catalogue.ts";
import { show } from "../../src/harness-show.ts";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

test("Everything that `list` lists can be shown.", () => {
  const items = inventory(null);
  expect(items.length).toBeGreaterThan(15);
  for (const { name, summary } of items) expect(show(name).text).toContain(summary);
});

test.each([
  [
    "leader-loss",
    /^scenario leader-loss\n.*class +leader_election_failure.*expects +failover\.time < 5s.*kill: .*inject: kill/s,
  ],
  ["reference", /^target reference\n.*operations +health: GET http \/.*hooks +hold-elections/s],
  ["isolate", /^fault isolate\n.*parameters +mode\?: How links are cut/s],
  ["healthy", /^probe healthy\n.*asks +health/s],
  ["failover.time", /^measure failover\.time\n.*unit +ms/s],
  ["fixtures/targets/reference.yaml", /^target reference\n/],
])("`show %s` says what it is.", async (name, text) => {
  const told = await place.call("show", name);
  expect([told.exitCode, told.stderr]).toEqual([0, ""]);
  expect(told.stdout).toMatch(text);
  expect(onlyJson(await place.call("show", name, "--json"))).toMatchObject([
    { kind: text.source.split(" ")[0]?.slice(1) },
  ]);
});

test("An unknown name is told with the nearest one: exit 64.", async () => {
  const told = await place.call("show", "isolat");
  expect([told.exitCode, told.stdout]).toEqual([64, ""]);
  expect(told.stderr).toMatch(/nothing called "isolat" \(did you mean isolate\?\)/);
});
