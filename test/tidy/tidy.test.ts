import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { publishedSchemas } from "../../src/harness.ts";
import { homeBreaches, importBreaches, sizeBreaches, staleSchema, systemBreaches, unregistered } from "./rules.ts";
import { root, sourceFiles } from "./tree.ts";

const files = sourceFiles(["src", "fixtures"]);

test("There are files to look at, so that no rule holds by looking at nothing.", () => {
  expect(files.length).toBeGreaterThan(80);
});

test("Every folder imports core and itself; only the harness imports all; clients have one home each.", () => {
  expect(files.flatMap(importBreaches)).toEqual([]);
});

test("No file is over its budget of lines.", () => {
  expect(files.flatMap(sizeBreaches)).toEqual([]);
});

test("Clock, randomness, environment and console each have one home.", () => {
  expect(files.flatMap(homeBreaches)).toEqual([]);
});

test("Nothing in src knows a system under test by name.", () => {
  expect(files.flatMap(systemBreaches)).toEqual([]);
});

const registries: readonly (readonly [string, readonly string[]])[] = [
  [
    "src/faults",
    ["cut-links", "define-fault", "hit-links", "node-files", "on-nodes", "parameters", "restart-nodes"].map(
      (shared) => `src/faults/${shared}.ts`,
    ),
  ],
  ["src/probes", []],
  ["src/workloads", []],
  ["src/gates/criteria", []],
  ["src/measures", []],
  [
    "src/checks",
    [
      "abort-conditions",
      "contradiction",
      "expectations",
      "minimal-contradiction",
      "operation-evidence",
      "operation-text",
      "overlap",
      "pressed-nodes",
      "reports-of",
      "service-asks",
      "unknown-verdict",
      "value-block",
      "value-index",
    ].map((shared) => `src/checks/${shared}.ts`),
  ],
  ["src/proxy/toxics", []],
  ["fixtures/reference-swarm/defects", []],
];

test.each(registries)("Everything in %s is registered.", (folder, except) => {
  expect(files.some(({ path }) => path === `${folder}/index.ts`)).toBe(true);
  expect(unregistered(files, folder, except)).toEqual([]);
});

test("A planted defect is at most 30 lines away from the healthy path.", () => {
  const defects = files.filter(({ path }) => /^fixtures\/reference-swarm\/defects\/(?!index)[a-z-]+\.ts$/.test(path));
  const lengths = defects.filter(({ path }) => !path.endsWith(".test.ts")).map(({ text }) => text.split("\n").length);
  expect(lengths.length).toBeGreaterThanOrEqual(5);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(30);
});

test("The published schemas are fresh; `npm run schemas` writes them.", async () => {
  const published = Object.entries(publishedSchemas());
  expect(published.length).toBeGreaterThan(0);
  for (const [name, schema] of published) {
    const fresh = await format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
    expect(staleSchema(name, fresh, readFileSync(join(root, "schemas", name), "utf8"))).toEqual([]);
  }
});

test("Budgets of functions and parameters are the linter's, as errors.", () => {
  const { rules } = JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8")) as { readonly rules: object };
  expect(rules).toMatchObject({
    "max-lines-per-function": ["error", { max: 50 }],
    "max-params": ["error", { max: 3 }],
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
  });
});

// Each rule is shown to bite: a planted breach must be found, and its nearest good neighbour must not.
const planted: readonly (readonly [string, () => readonly string[], number])[] = [
  [
    "a fault that imports a driver",
    () => importBreaches(file("src/faults/a.ts", 'import { b } from "../drivers/b.ts";')),
    1,
  ],
  ["a fault that imports core", () => importBreaches(file("src/faults/a.ts", 'import { b } from "../core/b.ts";')), 0],
  [
    "core that imports a room",
    () => importBreaches(file("src/core/a.ts", 'import type { B } from "../faults/b.ts";')),
    1,
  ],
  [
    "src that imports fixtures",
    () => importBreaches(file("src/core/a.ts", 'import { b } from "../../fixtures/b.ts";')),
    1,
  ],
  [
    "fixtures that import src",
    () => importBreaches(file("fixtures/swarm/a.ts", 'import { b } from "../../src/core/b.ts";')),
    1,
  ],
  [
    "a command that imports a room",
    () => importBreaches(file("src/commands/a.ts", 'import { b } from "../engine/b.ts";')),
    1,
  ],
  [
    "a command that imports the harness",
    () => importBreaches(file("src/commands/a.ts", 'import { b } from "../harness.ts";')),
    0,
  ],
  ["a dynamic import of a room", () => importBreaches(file("src/core/a.ts", 'await import("../engine/b.ts");')), 1],
  ["a re-export over a border", () => importBreaches(file("src/core/a.ts", 'export { b } from "../engine/b.ts";')), 1],
  [
    "a client outside of its driver",
    () => importBreaches(file("src/engine/a.ts", 'import { request } from "undici";')),
    1,
  ],
  ["a file of 251 lines", () => sizeBreaches(file("src/core/a.ts", "x\n".repeat(251))), 1],
  ["a file of 250 lines", () => sizeBreaches(file("src/core/a.ts", "x\n".repeat(250))), 0],
  ["a second clock", () => homeBreaches(file("src/core/a.ts", "const now = Date.now();")), 1],
  ["a second source of randomness", () => homeBreaches(file("src/core/a.ts", "Math.random()")), 1],
  ["a look at the environment", () => homeBreaches(file("src/engine/a.ts", 'process.env["HOME"]')), 1],
  ["a print", () => homeBreaches(file("src/engine/a.ts", 'console.log("x")')), 1],
  ["a system known by name", () => systemBreaches(file("src/engine/a.ts", 'const path = "/api/v1/health";')), 1],
  ["the tool's own name", () => systemBreaches(file("src/engine/a.ts", 'const name = "prism-chaos";')), 0],
  [
    "a fault that is not registered",
    () => unregistered([file("src/faults/index.ts", ""), file("src/faults/a.ts", "")], "src/faults", []),
    1,
  ],
];

test.each(planted)("The rules find %s as they should.", (_what, breaches, expected) => {
  expect(breaches()).toHaveLength(expected);
});

function file(path: string, text: string): { readonly path: string; readonly text: string } {
  return { path, text };
}
