import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

test("Where the embedded default can run `doctor` ends with 0, and says of everything what it is for and how to get it.", async () => {
  const told = await place.call("doctor", "--out", place.out);
  expect([told.exitCode, told.stderr]).toEqual([0, ""]);
  for (const what of [
    "Node",
    "reference swarm",
    "loopback ports",
    "docker",
    "kubectl",
    "memory cgroups",
    "cpu cgroups",
    "mounting",
    "prlimit",
    "libfaketime",
    "FUSE",
  ]) {
    expect(told.stdout).toMatch(new RegExp(`^ {2}(ok|missing|no) +${what} `, "m"));
  }
  const { canRun, findings } = onlyJson(await place.call("doctor", "--out", place.out, "--json")) as {
    canRun: boolean;
    findings: { status: string; for: string; get: string }[];
  };
  expect(canRun).toBe(true);
  for (const finding of findings) {
    expect(finding.for).not.toBe("");
    expect(finding.get === "").toBe(finding.status === "ok");
  }
});

test("Where something needed is not usable it ends with 69 and says what.", async () => {
  const file = join(place.folder, "file");
  writeFileSync(file, "");
  const told = await place.call("doctor", "--out", join(file, "reports"));
  expect(told.exitCode).toBe(69);
  expect(told.stdout).toMatch(/no +reports folder .*\n +get it: make .*reports writable/);
});
