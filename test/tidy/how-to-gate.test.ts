import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import Gate from "../../src/commands/gate.ts";
import type { Decision } from "../../src/core/decision.ts";
import { findPolicy } from "../../src/harness-policy.ts";
import { findingKinds } from "../../src/core/decision.ts";
import { exitCodes } from "../../src/core/exit-code.ts";
import { root } from "./tree.ts";

const page = readFileSync(join(root, "docs", "how-to", "gate.md"), "utf8");
const code = [...page.matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)].join("\n");

const usual = {
  "coverage-threshold": "95",
  "failover-sla": "5s",
  "p2p-connection-sla": "3s",
  "conflict-resolution-sla": "2s",
};

test("The page names every flag of the command, with what holds where it is left out.", () => {
  const missing = Object.keys(Gate.flags).filter((flag) => !code.includes(`--${flag}`));
  expect(missing).toEqual([]);
  for (const [flag, value] of Object.entries(usual)) {
    expect(page).toMatch(new RegExp(`\`--${flag}\`[^\\n]*\`${value}\``));
  }
});

test("The page names every field of the decision file, and every exit code that the gate gives.", () => {
  const fields: Readonly<Record<keyof Decision, true>> = {
    version: true,
    recommendation: true,
    exit_code: true,
    decided_at: true,
    go_criteria_met: true,
    go_criteria_total: true,
    readiness_percentage: true,
    limits: true,
    policy: true,
    no_go_triggers: true,
    waived_issues: true,
    warnings: true,
    criteria: true,
    blocking_issues: true,
    files: true,
  };
  const words = [...Object.keys(fields), ...findingKinds, "GO", "NO_GO", "CONTINUE_VALIDATION"];
  expect(words.filter((word) => !code.includes(`\`${word}\``))).toEqual([]);
  const { pass, broken, inconclusive, unusable, usage, unavailable } = exitCodes;
  for (const exit of [pass, broken, inconclusive, unusable, usage, unavailable]) {
    expect(page).toMatch(new RegExp(`^\\| ${exit} +\\|`, "m"));
  }
});

test("What the page quotes of reasons is what the gate says.", () => {
  const sources = ["measurement-findings", "times", "across-findings", "performance-findings", "stored-runs"]
    .map((name) => readFileSync(join(root, "src", "gates", `${name}.ts`), "utf8"))
    .join("\n");
  const quoted = [...page.matchAll(/^- `([^`…:]+)/gm)].map(([, text]) => (text ?? "").trim());
  expect(quoted.length).toBeGreaterThanOrEqual(5);
  expect(quoted.filter((text) => !sources.includes(text) && text !== "was not measured")).toEqual([]);
});

test("The policy that the page shows is valid.", () => {
  const shown = /^## A release policy[\s\S]*?^```yaml\n([\s\S]*?)^```/m.exec(page)?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "how-to-gate-"));
  try {
    writeFileSync(join(folder, "policy.yaml"), shown);
    const { release } = findPolicy(join(folder, "policy.yaml"));
    expect([release.criteria.length, release.noGo.length, release.waivers.length]).toEqual([5, 2, 1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
