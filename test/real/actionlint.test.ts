import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../support/command-line.ts";

// The Go program, with what GitHub has today and with shellcheck on every script; scripts/setup-real.sh installs both.

const program = join(packageRoot, ".real", "bin", "actionlint");
const folder = mkdtempSync(join(tmpdir(), "actionlint-"));
afterAll(() => rmSync(folder, { recursive: true }));
const names = ["resilience-testing", "prism-chaos", "ci"];

function linted(file: string): readonly [number | null, string] {
  const { status, stdout, stderr } = spawnSync(program, ["-no-color", "-shellcheck", "shellcheck", file], {
    encoding: "utf8",
  });
  return [status, stdout + stderr];
}

test("It is there, and shellcheck with it.", () => {
  expect(spawnSync(program, ["-version"], { encoding: "utf8" }).stdout).toMatch(/^v?1\.7\./);
  expect(spawnSync("shellcheck", ["--version"]).status).toBe(0);
});

test.each(names)("actionlint and shellcheck have nothing against %s.", (name) => {
  expect(linted(join(packageRoot, ".github", "workflows", `${name}.yml`))).toEqual([0, ""]);
});

test.each([
  ["an unquoted variable", '--out "reports/$CLASS"', "--out reports/$CLASS", /SC2086/],
  ["a job that nobody knows", "needs: [plan, chaos, api-resilience]", "needs: [plan, api]", /needs job "api"/],
])("They tell of %s.", (_what, found, put, told) => {
  const text = readFileSync(join(packageRoot, ".github", "workflows", "resilience-testing.yml"), "utf8");
  expect(text).toContain(found);
  const file = join(folder, "workflow.yml");
  writeFileSync(
    file,
    text.replace(found, () => put),
  );
  const [status, said] = linted(file);
  expect(status).toBe(1);
  expect(said).toMatch(told);
});

test("The scripts of the action pass shellcheck: no actionlint looks into actions.", () => {
  const action = readFileSync(join(packageRoot, ".github", "actions", "prism-chaos", "action.yml"), "utf8");
  const script = /run: \|\n([\s\S]*)$/.exec(action)?.[1]?.replaceAll(/^ {8}/gm, "") ?? "";
  expect(script).toContain("ARGUMENTS");
  const file = join(folder, "action.sh");
  writeFileSync(file, script);
  const { status, stdout } = spawnSync("shellcheck", ["--shell", "bash", file], { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
});
