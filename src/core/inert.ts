import { githubStep } from "./environment.ts";

/** Text in which no line is a command for whoever reads the log of a step: what a system under test says must not become one. */
export function inert(text: string, step = githubStep()): string {
  if (!step.isActions) return text;
  return text.replaceAll(/^(\s*)::/gm, "$1\\::").replaceAll("##[", "#\\#[");
}

/** The same of a JSON document, which stays the same document: what stands between its lines is escaped as JSON has it. */
export function inertJson(text: string): string {
  return text.replaceAll("##[", "#\\u0023[");
}
