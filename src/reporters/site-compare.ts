import { type Measurement, worseEnd } from "../core/measurement.ts";
import type { RunSummary } from "../core/stored-summary.ts";
import { measurementText, quantity } from "./console.ts";
import { badge, type Cell, region, table } from "./page/markup.ts";
import { shell } from "./page/shell.ts";
import { safe } from "./page/text.ts";

/** Two runs side by side, and what `compare` says of their series. `series` is its text. */
export function comparePage(base: RunSummary, head: RunSummary, series: string): string {
  const names = [...new Set([...base.measurements, ...head.measurements].map(({ measure }) => measure))];
  const checks = [...new Set([...base.verdicts, ...head.verdicts].map(({ check }) => check))];
  const main = `<p><a href="/">All runs</a></p>
<h2>Measured</h2>
${table(
  "Measured",
  ["Measure", "Base", "Head", "Difference"],
  names.map((name) => measuredRow(name, base, head)),
)}
<h2>Checked</h2>
${table(
  "Checked",
  ["Criterion", "Base", "Head"],
  checks.map((name) => checkedRow(name, base, head)),
)}
<h2>What their series show</h2>
<p>One run beside another shows little. All repetitions of both series, as <code>compare</code> holds them against each other:</p>
${region("What their series show", `<pre class="columns">${linesOf(series)}</pre>`)}`;
  return shell({
    title: `${base.id} and ${head.id}`,
    kicker: "Two runs",
    heading: safe(base.id === head.id ? "One run, beside itself" : titleOf(base, head)),
    subtitle: `Base ${base.id}, head ${head.id}.`,
    main,
    skipTo: "what was measured",
  });
}

/** Lines stay lines: each is text by itself. */
function linesOf(text: string): string {
  return text.split("\n").map(safe).join("\n");
}

function titleOf(base: RunSummary, head: RunSummary): string {
  const [one, other] = [base, head].map(({ scenario, variant }) => `${scenario} · ${variant}`);
  return one === other ? `${one}` : `${one} beside ${other}`;
}

function measuredRow(name: string, base: RunSummary, head: RunSummary): readonly Cell[] {
  const [left, right] = [base, head].map(({ measurements }) => measurements.find(({ measure }) => measure === name));
  return [name, valueText(left), valueText(right), difference(left, right)];
}

function valueText(one: Measurement | undefined): string {
  if (one === undefined) return "absent";
  return one.kind === "not-measured"
    ? `not measured: ${one.reason}`
    : measurementText(one).slice(one.measure.length + 1);
}

/** Of the worse ends; empty where one of the two has none. */
function difference(base: Measurement | undefined, head: Measurement | undefined): string {
  if (base?.kind !== "measured" || head?.kind !== "measured") return "";
  const shift = worseEnd(head) - worseEnd(base);
  return `${shift > 0 ? "+" : ""}${quantity(shift, head.unit)}`;
}

function checkedRow(name: string, base: RunSummary, head: RunSummary): readonly Cell[] {
  const cell = ({ verdicts }: RunSummary): Cell => {
    const found = verdicts.find(({ check }) => check === name);
    return found === undefined ? "not asked" : { html: badge(found.status) };
  };
  return [name, cell(base), cell(head)];
}
