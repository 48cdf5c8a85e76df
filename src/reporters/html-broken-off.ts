import { formatMs } from "../core/duration.ts";
import type { History } from "../core/history.ts";
import type { Plan } from "../core/plan.ts";
import type { FinishedRun, RunInfo } from "../core/report.ts";
import { provenance } from "./page/provenance.ts";
import { shell } from "./page/shell.ts";
import { type Story, storyOf } from "./page/story.ts";
import { safe } from "./page/text.ts";
import { timeline } from "./page/timeline.ts";
import { topology } from "./page/topology.ts";

/** A run that was not carried through. */
export interface BrokenOffRun {
  readonly plan: Plan;
  readonly run: RunInfo | FinishedRun;
  /** Why it was broken off, as `run.json` has it. */
  readonly reason: string;
  /** What is to be done about that, or null: nobody said. */
  readonly next: string | null;
  /** What could not be healed; empty: nothing is known to be left. Null: nobody looked. */
  readonly residue: readonly string[] | null;
  /** As far as it was recorded. */
  readonly history: History;
}

/** The page of a run that was broken off: why, how far it came, whether anything was left in force, and what to run again. It gives no verdict. */
export function brokenOffPage({ plan, run, reason, next, residue, history }: BrokenOffRun): string {
  const story = storyOf({ plan, measurements: [], verdicts: [] }, history);
  const name = `${plan.scenario.name} · ${plan.variant.name}`;
  const main = `<p class="why unknown">Broken off: ${safe(reason)}. It gives no verdict on the system.</p>
<nav aria-label="On this page">Go to <a href="#timeline">what happened until then</a> · <a href="#again">run it again</a></nav>
${next === null ? "" : `<p><strong>Next:</strong> ${safe(next)}</p>`}
<dl><dt>How far it came</dt><dd>${safe(howFar(story))}</dd><dt>Healed</dt><dd>${safe(healed(story, residue))}</dd></dl>
<section aria-labelledby="timeline"><h2 id="timeline">What happened until then</h2>
${history.length === 0 ? "<p>Nothing was recorded.</p>" : timeline(story, [])}</section>
<section aria-labelledby="topology"><h2 id="topology">Who stood where</h2>
${topology(story)}</section>
${provenance({ run, plan }, "What its history shows all the same")}`;
  return shell({
    title: `${name} · BROKEN OFF`,
    kicker: plan.scenario.title,
    heading: `<span class="badge unknown">BROKEN OFF</span> ${safe(name)}`,
    subtitle: `${plan.variant.title}. Repetition ${plan.repetition} of ${plan.repetitions}.`,
    main,
  });
}

function howFar({ history }: Story): string {
  const phase = [...history.eventsOf("phase.entered")].at(-1)?.phase;
  let acknowledged = 0;
  for (const { outcome } of history.operations()) if (outcome === "ok") acknowledged += 1;
  const where = phase === undefined ? "before its first phase" : `in the phase ${phase}`;
  return `It ended ${where}, ${formatMs(history.endMs)} after its start, with ${acknowledged} operations acknowledged.`;
}

/** What the history saw healed, and what the harness was told: both, since the second may go on after the first has ended. */
function healed({ faults }: Story, residue: readonly string[] | null): string {
  const open = faults.filter(({ healedMs }) => healedMs === null).map(({ fault }) => fault);
  const seen = open.length === 0 ? "" : `The history ends while ${open.join(", ")} was in force. `;
  if (residue === null) return `${seen}Nobody looked afterwards: run prism-chaos heal, which says what is left.`;
  if (residue.length > 0) return `${seen}Not wholly: ${residue.join("; ")}. Run prism-chaos heal.`;
  return `${seen}Afterwards everything was taken back; nothing was left in force.`;
}
