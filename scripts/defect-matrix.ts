import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Report } from "../src/core/report.ts";
import { onlyJson, packageRoot, Workplace } from "../test/support/command-line.ts";

// Which variant of a scenario catches which planted defect, by which checks, and that each passes without one (--scenario NAME; leader-loss unless said).

const { values } = parseArgs({
  options: {
    scenario: { type: "string", default: "leader-loss" },
    seeds: { type: "string", default: "1" },
    variant: { type: "string", multiple: true, default: [] },
    defect: { type: "string", multiple: true, default: [] },
  },
});
const healthy = "healthy";
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => `matrix-${index + 1}`);
await using place = new Workplace();
const variants = values.variant.length > 0 ? values.variant : await allVariants();
const defects = values.defect.length > 0 ? values.defect : [healthy, ...plantedDefects()];
console.log(row(["defect", ...variants]));
console.log(row(["---", ...variants.map(() => "---")]));
for (const defect of defects) {
  const cells: string[] = [];
  for (const variant of variants) cells.push(await cell(variant, defect));
  console.log(row([defect, ...cells]));
}

async function allVariants(): Promise<readonly string[]> {
  const said = onlyJson(await place.call("plan", values.scenario, "--json"));
  if (!isPlanned(said)) throw new Error("`plan` shows no plans");
  return said.plans.map(({ plan }) => plan.variant.name);
}

/** By the names of their files: the harness and its scripts import nothing of the fixtures. */
function plantedDefects(): readonly string[] {
  return readdirSync(join(packageRoot, "fixtures", "reference-swarm", "defects"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts")
    .map((file) => basename(file, ".ts"))
    .sort();
}

/** How often each check failed over the seeds; "pass" where every run passed. */
async function cell(variant: string, defect: string): Promise<string> {
  const outcomes: string[] = [];
  for (const seed of seeds) outcomes.push(...(await broken(variant, defect, seed)));
  const counts = Map.groupBy(outcomes, (name) => name);
  if (seeds.length === 1) return [...counts.keys()].join(", ");
  return [...counts].map(([name, all]) => `${name} ${all.length} of ${seeds.length}`).join(", ");
}

/** The checks that failed, or "pass", or what was not shown. */
async function broken(variant: string, defect: string, seed: string): Promise<readonly string[]> {
  const flags = ["--variant", variant, "--seed", seed, ...(defect === healthy ? [] : ["--defect", defect])];
  const ended = await place.startRun(values.scenario, ...flags).ended;
  const said = onlyJson(ended);
  const report = isRun(said) ? said.runs[0]?.report : undefined;
  if (report === undefined) return [`exit ${ended.exitCode}`];
  if (report.status === "pass") return ["pass"];
  const named = report.verdicts.filter(({ status }) => status === report.status).map(({ check }) => check);
  return report.status === "fail" ? named : named.map((check) => `${check} unknown`);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The program's own output, in its own version. */
function isPlanned(
  said: unknown,
): said is { readonly plans: readonly { readonly plan: { readonly variant: { readonly name: string } } }[] } {
  return typeof said === "object" && said !== null && "plans" in said;
}

function isRun(said: unknown): said is { readonly runs: readonly { readonly report?: Report }[] } {
  return typeof said === "object" && said !== null && "runs" in said;
}
