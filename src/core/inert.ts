import { githubStep } from "./environment.ts";

/** Text in which no line is a command for whoever reads the log of a step: what a system under test says must not become one. */
export function inert(text: string, step = githubStep()): string {
  if (!step.isActions) return text;
  return text.replaceAll(/^(\s*)::/gm, "$1\\::").replaceAll("##[", "#\\#[");
}
