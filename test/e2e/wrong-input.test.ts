import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onlyJson, packageRoot, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

const catalogue = readFileSync(join(packageRoot, "src", "scenarios", "catalogue", "leader-loss.yaml"), "utf8");

/** The catalogue's scenario with one thing broken, as a file. */
function broken(name: string, from: string, to: string): string {
  expect(catalogue).toContain(from);
  const file = join(place.folder, `${name}.yaml`);
  writeFileSync(file, catalogue.replace(from, to));
  return file;
}

const misspelt = broken("misspelt", "inject: isolate, on: lost", "inject: isolat, on: lost");
const unitless = broken("unitless", "recoverWithin: 30s", "recoverWithin: 30");
const unclosed = broken("unclosed", "title: The leader is lost", "title: [The leader is lost");

/** What is asked for, and what the message must say. */
const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown scenario", ["leader-los"], /no scenario "leader-los".*did you mean "?leader-loss/i],
  ["an unknown variant", ["leader-loss", "--variant", "kil"], /no variant "kil".*did you mean "?kill/i],
  ["an unknown target", ["leader-loss", "--target", "referense"], /no target "referense".*did you mean "?reference/i],
  ["an unknown flag", ["leader-loss", "--variants", "kill"], /--variants/],
  ["a repetition beyond the last", ["leader-loss", "--repetition", "2"], /no repetition 2 of 1/],
  ["a fault that is not there", [misspelt], /misspelt\.yaml:\d+:\d+.*"isolat".*did you mean "?isolate/is],
  ["a time without its unit", [unitless], /unitless\.yaml:\d+:\d+.*recoverWithin/s],
  ["a file that is no YAML", [unclosed], /unclosed\.yaml:\d+:\d+/],
  ["a file that is not there", ["nowhere.yaml"], /nowhere\.yaml/],
];

test.each(rows)("A call with %s runs nothing and says what is wrong: exit 64.", async (_what, args, message) => {
  const refused = await place.call("run", ...args, "--out", place.out);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(message);
  expect(refused.stderr).toMatch(/next: \S/);
  expect(refused.stdout).toBe("");
  expect(place.runs()).toEqual([]);
});

test.each(rows)("With --json a call with %s says so in one JSON document.", async (_what, args, message) => {
  const refused = await place.startRun(...args).ended;
  expect(refused.exitCode).toBe(64);
  const said = onlyJson(refused) as { error: { message: string; exitCode: number; next: string } };
  expect(said.error.message).toMatch(message);
  expect(said.error.exitCode).toBe(64);
  expect(said.error.next).not.toBe("");
});

test("Nodes that end while they start are told with their own last words, at once: exit 69.", async () => {
  const ended = await place.startRun("leader-loss", "--variant", "kill", "--defect", "nonsense").ended;
  expect(ended.exitCode).toBe(69);
  expect(onlyJson(ended)).toMatchObject({
    runs: [{ brokenOff: expect.stringMatching(/n\d ended .*nonsense is not/s) }],
  });
});
