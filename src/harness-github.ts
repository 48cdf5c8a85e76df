import { appendFileSync, existsSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Decision } from "./core/decision.ts";
import { githubStep, type GithubStep, secretsInEnvironment } from "./core/environment.ts";
import { messageOf } from "./core/harness-error.ts";
import { redaction } from "./core/redaction.ts";
import { decisionMarkdown } from "./reporters/decision-markdown.ts";
import {
  type Annotation,
  annotationText,
  decisionAnnotations,
  runAnnotations,
} from "./reporters/github-annotations.ts";
import { longestSummaryBytes, markdown } from "./reporters/markdown.ts";
import type { ReportedRun } from "./reporters/reported.ts";

// The part of the composition root that tells a step of GitHub Actions what came of a command.

/** Of what is told: runs, or the gate's decision. */
export type Told = { readonly runs: readonly ReportedRun[] } | { readonly decision: Decision };

/** How it is told. */
export interface Telling {
  /** Writes to the step's log, as it is. */
  readonly write: (text: string) => void;
  /** Whether remarks are made on the lines of scenarios: a command that only converts makes none. */
  readonly annotates: boolean;
  /** The step; the one that this process runs in unless said. */
  readonly step?: GithubStep;
}

/** A step's summaries together are dropped whole beyond this, in bytes. */
const longestStepBytes = 1024 * 1024;
/** Less room than this holds no summary: its first line and that rows are missing. */
const leastBytes = 4096;

/** Appends to the step's summary and remarks on the lines of scenarios, without secrets; nothing outside of a step. What fails is told, and changes nothing else. */
export function tellGithub(told: Told, { write, annotates, step = githubStep() }: Telling): void {
  const problem = step.summaryFile === null ? null : appendSummary(told, step.summaryFile);
  if (problem !== null) write(`prism-chaos: no step summary was written: ${problem}\n`);
  if (!annotates || !step.isActions) return;
  const annotations = "decision" in told ? decisionAnnotations(told.decision) : runAnnotations(told.runs);
  const placed = annotations.map((one) => placedIn(one, step.workspace ?? process.cwd()));
  // The first line of a summary is its decision.
  const [total = ""] = summaryOf(told, leastBytes).replaceAll("**", "").split("\n");
  write(redaction(secretsInEnvironment()).text(annotationText(placed, total)));
}

function summaryOf(told: Told, limitBytes: number): string {
  const text = "decision" in told ? decisionMarkdown(told.decision, limitBytes) : markdown(told.runs, limitBytes);
  // GitHub masks logs by itself, and no summary.
  return redaction(secretsInEnvironment()).text(text);
}

/** Appends to a step's summary as much as there is room for; null, or why it could not be. */
function appendSummary(told: Told, file: string): string | null {
  try {
    const there = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const room = Math.min(longestSummaryBytes, longestStepBytes - there - 1);
    if (room < leastBytes) return `${there} bytes stand in it already, and a longer one would be dropped whole`;
    // What stands there may end in the middle of a line.
    appendFileSync(file, `${there === 0 ? "" : "\n"}${summaryOf(told, room)}`);
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** A remark whose file is one of the repository, from its root; else on no file, with the place in words. */
function placedIn(one: Annotation, workspace: string): Annotation {
  if (one.file === null) return one;
  const path = resolve(one.file);
  const near = relative(resolve(workspace), path);
  if (existsSync(path) && near !== ".." && !near.startsWith(`..${sep}`)) {
    return { ...one, file: near.split(sep).join("/") };
  }
  return { ...one, file: null, message: `${one.file}:${one.line}: ${one.message}` };
}
