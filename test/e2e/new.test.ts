import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

const at = (name: string): string => join(place.folder, "files", name);

test.each(["scenario", "target"])(
  "A new %s is valid as it is, and its first line leads editors to the schema.",
  async (kind) => {
    const file = at(`my-${kind}.yaml`);
    const made = await place.call("new", kind, `my-first-${kind}`, "--out", file);
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain(`next: prism-chaos validate ${file}`);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(`\nname: my-first-${kind}\n`);
    const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? "";
    expect(existsSync(resolve(dirname(file), schema))).toBe(true);
    const valid = await place.call("validate", file);
    expect(valid.stdout).toMatch(new RegExp(`^ok .*\\(${kind} my-first-${kind}\\)`));
  },
);

test("A new scenario can be planned on a new target.", async () => {
  await place.call("new", "scenario", "both", "--out", at("both.yaml"));
  await place.call("new", "target", "both", "--out", at("target.yaml"));
  const planned = await place.call("plan", at("both.yaml"), "--target", at("target.yaml"));
  expect([planned.exitCode, planned.stderr]).toEqual([0, ""]);
});

test("Nothing is overwritten, unless it is said: exit 64.", async () => {
  const file = at("kept.yaml");
  await place.call("new", "scenario", "kept", "--out", file);
  const before = readFileSync(file, "utf8");
  const refused = await place.call("new", "scenario", "other", "--out", file);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(/is there already, and nothing is overwritten\n +next: .*--force/);
  expect(readFileSync(file, "utf8")).toBe(before);
  const forced = await place.call("new", "scenario", "other", "--out", file, "--force", "--json");
  expect(onlyJson(forced)).toMatchObject({ name: "other", file });
  expect(readFileSync(file, "utf8")).toContain("name: other\n");
});

test.each([
  ["MyScenario", /did you mean my-scenario\?/],
  ["1st", /did you mean st\?/],
  ["../x", /did you mean x\?/],
  ["日本", /"日本" is no name of a scenario/],
])("The name %s is refused with one that would do.", async (name, message) => {
  const refused = await place.call("new", "scenario", name);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(message);
});
