import { proxyOriginText } from "../../core/link-proxy.ts";
import type { Plan } from "../../core/plan.ts";
import type { FinishedRun, RunInfo } from "../../core/report.ts";
import { safe } from "./text.ts";

/** How it is run again, and where it was made. */
export function provenance(
  { run, plan }: { readonly run: RunInfo | FinishedRun; readonly plan: Plan },
  folder: string,
): string {
  const facts: readonly (readonly [string, string])[] = [
    ["Run", run.id],
    ["Series", `${run.series}, repetition ${plan.repetition} of ${plan.repetitions}`],
    ["Started", run.startedAt],
    ...("finishedAt" in run ? [["Finished", run.finishedAt] as const] : []),
    ["Profile, seed", `${plan.profile}, ${plan.seed} (series ${plan.seriesSeed})`],
    [
      "Target",
      `${plan.target.name}, ${plan.nodes.length} nodes${plan.target.defect === null ? "" : `, started with the defect ${plan.target.defect}`}`,
    ],
    ...(Object.keys(plan.parameters).length === 0 ? [] : [["Parameters", parametersText(plan)] as const]),
    ["Plan", plan.digest],
    ["Links", run.proxy === null ? "none" : `through ${proxyOriginText(run.proxy.by, run.proxy.kind)}`],
    ["Commit", run.commit ?? "none"],
    ...(run.attempt === null ? [] : [["Attempt of its job", String(run.attempt)] as const]),
    ["Tool", `prism-chaos ${run.tool.version}, Node ${run.tool.node}, ${run.tool.platform}`],
  ];
  const list = facts.map(([name, value]) => `<dt>${safe(name)}</dt><dd>${safe(value)}</dd>`).join("");
  return `<section aria-labelledby="again"><h2 id="again">Run it again</h2>
<pre><code>${safe(run.reproduce)}</code></pre>
<p>${folder}: <code>prism-chaos check ${safe(run.id)}</code> (the run's folder).</p></section>
<section aria-labelledby="from"><h2 id="from">Where it comes from</h2><dl>${list}</dl></section>`;
}

function parametersText({ parameters }: Plan): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}
