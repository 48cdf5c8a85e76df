import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { mustCatch } from "../support/must-catch.ts";
import { root } from "./tree.ts";

const page = readFileSync(join(root, "docs", "track-record.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));

test("Every defect that a scenario must catch has a row in the track record, with the check in bold and the command.", () => {
  const missing = mustCatch.filter(({ defect, scenario, variant, check }) => {
    const command = `prism-chaos run ${scenario} --variant ${variant} --defect ${defect}`;
    return !rows.some((row) => row.includes(`\`${command}\``) && row.includes(`**${check}**`));
  });
  expect(missing).toEqual([]);
});

test("Every planted defect must be caught by some scenario.", () => {
  const planted = readdirSync(join(root, "fixtures", "reference-swarm", "defects"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts")
    .map((file) => basename(file, ".ts"));
  expect(planted.filter((name) => !mustCatch.some(({ defect }) => defect === name))).toEqual([]);
  expect(planted.length).toBeGreaterThan(10);
});
