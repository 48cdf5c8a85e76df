import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { configFileName, readConfig } from "./config.ts";

const root = mkdtempSync(join(tmpdir(), "config-"));
afterAll(() => rmSync(root, { recursive: true }));
const repository = join(root, "repository");
const inner = join(repository, "services", "one");
mkdirSync(join(repository, ".git"), { recursive: true });
mkdirSync(inner, { recursive: true });

test("Where there is no file nothing is set, and what lies above the repository does not count.", () => {
  writeFileSync(join(root, configFileName), "repeat: 9\n");
  expect(readConfig(inner)).toMatchObject({ file: null, target: null, repeat: null, timeoutMs: null, set: {} });
  expect(readConfig(root).repeat).toBe(9);
});

test("The nearest file upwards holds; its paths are relative to it, its times become ms.", () => {
  const file = join(repository, configFileName);
  writeFileSync(
    file,
    "target: chaos/mine.yaml\nout: out\ntimeout: 10m\nscenarios: [a]\nset: { hold: 30s, n: 3 }\nallow: [mine]\nlimits: { nodes: 12.5% }\n",
  );
  expect(readConfig(inner)).toMatchObject({
    file,
    target: join(repository, "chaos", "mine.yaml"),
    out: join(repository, "out"),
    timeoutMs: 600_000,
    scenarios: [join(repository, "a")],
    set: { hold: "30s", n: 3 },
    profile: null,
    allow: ["mine"],
    nodesShare: 0.125,
  });
  writeFileSync(join(inner, configFileName), "target: reference\nprofile: full\n");
  expect(readConfig(inner)).toMatchObject({ target: "reference", profile: "full", timeoutMs: null });
});

test("A file that is not valid is refused with place and fix.", () => {
  writeFileSync(join(inner, configFileName), "timeout: 600\nprofil: quick\n");
  expect(() => readConfig(inner)).toThrow(/:1:10: timeout is 600, without a unit .*:2:1: unknown key "profil"/s);
});

test("A proxy that is none is refused with its line and what was meant.", () => {
  writeFileSync(join(inner, configFileName), "seed: a\nproxy: built-in\n");
  expect(() => readConfig(inner)).toThrow(/:2:8: proxy is "built-in": .*did you mean builtin\?/s);
});
