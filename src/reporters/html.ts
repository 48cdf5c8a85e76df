import type { History } from "../core/history.ts";
import type { Report } from "../core/report.ts";
import { checked, decision, measurementTable } from "./page/decision.ts";
import { badge } from "./page/markup.ts";
import { provenance } from "./page/provenance.ts";
import { seriesPart } from "./page/series.ts";
import { shell } from "./page/shell.ts";
import { storyOf } from "./page/story.ts";
import { safe } from "./page/text.ts";
import { timeline } from "./page/timeline.ts";
import { topology } from "./page/topology.ts";
import { witnessSection } from "./page/witness-section.ts";
import { witnessesOf } from "./page/witness.ts";

/**
 * One run as one page, the decision first: no script, nothing loaded from anywhere, readable offline, in print and by a screen reader. `reports` are
 * those of its series so far, its own among them.
 */
export function htmlReport(report: Report, history: History, reports: readonly Report[] = [report]): string {
  const { plan, run, status } = report;
  const story = storyOf(report, history);
  const witnesses = witnessesOf(report.verdicts, history);
  const name = `${plan.scenario.name} · ${plan.variant.name}`;
  const main = `${decision(report)}
<section aria-labelledby="timeline"><h2 id="timeline">What happened when</h2>
${timeline(story, witnesses)}</section>
${witnessSection(witnesses, report.verdicts)}
${seriesPart({ reports, planned: run.planned, here: run.id })}
<section aria-labelledby="topology"><h2 id="topology">Who stood where</h2>
${topology(story)}</section>
<section aria-labelledby="measured"><h2 id="measured">Measured</h2>
${measurementTable(report)}</section>
<section aria-labelledby="checked"><h2 id="checked">Checked</h2>
${checked(report.verdicts)}</section>
${provenance(report, "Judge this run again from its history")}`;
  return shell({
    title: `${name} · ${status.toUpperCase()}`,
    kicker: plan.scenario.title,
    heading: `${badge(status)} ${safe(name)}`,
    subtitle: `${plan.variant.title}. Repetition ${plan.repetition} of ${plan.repetitions}, ${plan.nodes.length} nodes of ${plan.target.name}${plan.target.defect === null ? "" : `, with the planted defect ${plan.target.defect}`}.`,
    main,
  });
}
