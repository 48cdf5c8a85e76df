import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import type { Report } from "../src/core/report.ts";
import { onlyJson, packageRoot, Workplace } from "../test/support/command-line.ts";
import { type MustCatch, mustCatch } from "../test/support/must-catch.ts";

// Runs every planted defect against the scenario that must catch it, and writes what was found into the table of docs/track-record.md, between
// its marks. With --defect only those rows are run; the other rows stay as they are.

const page = join(packageRoot, "docs", "track-record.md");
const [from, to] = ["<!-- begin: npm run track-record -->", "<!-- end -->"];
const { values } = parseArgs({ options: { defect: { type: "string", multiple: true, default: [] } } });
await using place = new Workplace();

const known = rowsOf(readFileSync(page, "utf8"));
const rows: string[] = [];
for (const one of mustCatch) {
  const isAsked = values.defect.length === 0 || values.defect.includes(one.defect);
  const row = isAsked ? await run(one) : known.find((line) => line.includes(commandOf(one)));
  if (row === undefined) throw new Error(`there is no row of ${commandOf(one)} yet; run it without --defect`);
  rows.push(row);
  console.log(row);
}
const head = [
  "| defect | what is wrong | caught by (what must catch it is in bold) | the command |",
  "| --- | --- | --- | --- |",
];
const text = readFileSync(page, "utf8");
const before = text.slice(0, text.indexOf(from) + from.length);
const after = text.slice(text.indexOf(to));
const whole = [before, "", ...head, ...rows, "", after].join("\n");
writeFileSync(page, await format(whole, { parser: "markdown", printWidth: 120 }));

/** One row: the criteria that failed. Throws where it is not caught by the check that must. */
async function run(one: MustCatch): Promise<string> {
  const ended = await place.startRun(one.scenario, "--variant", one.variant, "--defect", one.defect).ended;
  const report = reportOf(onlyJson(ended));
  const failed = (report?.verdicts ?? []).filter(({ status }) => status === "fail").map(({ check }) => check);
  if (ended.exitCode !== 10 || !failed.includes(one.check)) {
    throw new Error(`${commandOf(one)}: exit ${ended.exitCode}, failed: ${failed.join(", ") || "nothing"}`);
  }
  const caught = failed.map((check) => (check === one.check ? `**${check}**` : check)).join(", ");
  return `| \`${one.defect}\` | ${meaningOf(one.defect)} | ${caught} | \`${commandOf(one)}\` |`;
}

function commandOf({ scenario, variant, defect }: MustCatch): string {
  return `prism-chaos run ${scenario} --variant ${variant} --defect ${defect}`;
}

/** The first sentence of what its file says. */
function meaningOf(defect: string): string {
  const file = readFileSync(join(packageRoot, "fixtures", "reference-swarm", "defects", `${defect}.ts`), "utf8");
  const said = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const/.exec(file)?.[1] ?? "";
  const sentence = said.replaceAll(/\s*\n\s*\*?\s*/g, " ").trim();
  return (/^(.*?)[.:;](\s|$)/.exec(sentence)?.[1] ?? sentence).replaceAll("|", "\\|");
}

function rowsOf(markdown: string): readonly string[] {
  const table = markdown.slice(markdown.indexOf(from), markdown.indexOf(to));
  return table
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replaceAll(/\s+/g, " "));
}

/** The program's own output, in its own version. */
function reportOf(said: unknown): Report | undefined {
  const isRun = (value: unknown): value is { readonly runs: readonly { readonly report?: Report }[] } =>
    typeof value === "object" && value !== null && "runs" in value;
  return isRun(said) ? said.runs[0]?.report : undefined;
}
