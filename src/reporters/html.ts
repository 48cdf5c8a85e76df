import type { History } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";
import { proxyOriginText } from "../core/link-proxy.ts";
import type { Report } from "../core/report.ts";
import type { Verdict, VerdictStatus } from "../core/verdict.ts";
import { measurementText, quantity } from "./console.ts";
import { escapeHtml } from "./escape-html.ts";
import { style } from "./html-style.ts";
import { timeline } from "./svg-timeline.ts";

/** One run as one page: no script, nothing loaded from anywhere, readable offline, in print and by a screen reader. */
export function htmlReport(report: Report, history: History): string {
  const { plan, run, status } = report;
  const title = `${plan.scenario.name} · ${plan.variant.name} · ${status.toUpperCase()}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kicker">${escapeHtml(plan.scenario.title)}</p>
<h1>${badge(status)} ${escapeHtml(plan.scenario.name)} · ${escapeHtml(plan.variant.name)}</h1>
<p>${escapeHtml(plan.variant.title)}. ${escapeHtml(sentence(report))}</p>
</header>
<main>
<h2>What happened when</h2>
${timeline(report, history)}
${faultTable(report)}
<h2>Measured</h2>
${measurementTable(report)}
<h2>Checked</h2>
${report.verdicts.map(verdictSection).join("\n")}
<h2>Run it again</h2>
<pre><code>${escapeHtml(run.reproduce)}</code></pre>
<p>Judge this run again from its history: <code>prism-chaos check ${escapeHtml(run.id)}</code> (the run's folder).</p>
${provenance(report)}
</main>
</body>
</html>
`;
}

function sentence({ status, verdicts, traffic }: Report): string {
  const of = (wanted: VerdictStatus): number => verdicts.filter((verdict) => verdict.status === wanted).length;
  const counts = `${of("pass")} of ${verdicts.length} criteria hold, ${of("fail")} are broken, ${of("unknown")} were not shown.`;
  const operations = `${traffic.ok} operations were acknowledged, ${traffic.okDuringFaults} of them while a fault was in force; ${traffic.fail} were refused (failed compare-and-sets among them), ${traffic.info} have an unknown end.`;
  const meaning = status === "unknown" ? " What was not shown does not count as passed." : "";
  return `${counts}${meaning} ${operations}`;
}

function measurementTable({ measurements, plan }: Report): string {
  const rows = measurements.map((measurement) => {
    const limits = plan.expectations.filter(({ measure }) => measure === measurement.measure);
    return row([
      measurement.measure,
      valueText(measurement),
      limits.map(({ text }) => text).join(", ") || "nothing is asked of it here",
      measurement.kind === "measured" && measurement.resolutionMs !== null
        ? `${Math.round(measurement.resolutionMs)} ms`
        : "",
      measurement.kind === "not-measured" ? "" : measurement.note,
    ]);
  });
  return table(["Measure", "Value (at worst)", "Required", "Resolution", "How it was told"], rows);
}

function valueText(measurement: Measurement): string {
  if (measurement.kind === "measured") return measurementText(measurement).slice(measurement.measure.length + 1);
  if (measurement.kind === "beyond") return `more than ${quantity(measurement.atLeast, measurement.unit)}`;
  return `not measured: ${measurement.reason}`;
}

function faultTable({ faults }: Report): string {
  const at = (ms: number | null): string => (ms === null ? "never" : `${(ms / 1000).toFixed(3)} s`);
  const rows = faults.map(({ fault, injectedMs, observed, healedMs, cast }) =>
    row([
      fault,
      Object.entries(cast)
        .map(([label, nodes]) => `${label}: ${nodes.join(", ")}`)
        .join(", "),
      at(injectedMs),
      observed ? "yes" : "no",
      at(healedMs),
    ]),
  );
  return table(["Fault", "Cast", "In force from", "Seen by an independent witness", "Gone from"], rows);
}

function verdictSection(verdict: Verdict): string {
  const reason = verdict.status === "unknown" ? `<p>${escapeHtml(verdict.reason)}</p>` : "";
  const items = verdict.evidence.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join("");
  const open = verdict.status === "pass" ? "" : " open";
  return `<details${open}><summary>${badge(verdict.status)} ${escapeHtml(verdict.check)}</summary>${reason}<ul>${items}</ul></details>`;
}

function provenance({ run, plan }: Report): string {
  const facts: readonly (readonly [string, string])[] = [
    ["Run", run.id],
    ["Series", `${run.series}, repetition ${plan.repetition} of ${plan.repetitions}`],
    ["Started", run.startedAt],
    ["Profile, seed", `${plan.profile}, ${plan.seed} (series ${plan.seriesSeed})`],
    [
      "Target",
      `${plan.target.name}, ${plan.nodes.length} nodes${plan.target.defect === null ? "" : `, started with the defect ${plan.target.defect}`}`,
    ],
    ...(Object.keys(plan.parameters).length === 0 ? [] : [["Parameters", parametersText(plan)] as const]),
    ["Plan", plan.digest],
    ["Links", run.proxy === null ? "none" : `through ${proxyOriginText(run.proxy.by, run.proxy.kind)}`],
    ["Commit", run.commit ?? "none"],
    ["Tool", `prism-chaos ${run.tool.version}, Node ${run.tool.node}, ${run.tool.platform}`],
  ];
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("");
  return `<h2>Where it comes from</h2><dl>${list}</dl>`;
}

function parametersText({ parameters }: Report["plan"]): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}

function badge(status: VerdictStatus): string {
  return `<span class="badge ${status}">${status.toUpperCase()}</span>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function row(cells: readonly string[]): string {
  const [first = "", ...rest] = cells;
  return `<tr><th scope="row">${escapeHtml(first)}</th>${rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}
