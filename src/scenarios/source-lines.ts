import type { SourceDocument } from "../core/document.ts";
import { abortName, type SourceLines } from "../core/scenario-source.ts";
import { defaultChecks, type ScenarioFile } from "./schema.ts";

/** Where in its file a variant stands, and all that its runs are judged by: in its own block where it has one. */
export function sourceLines(document: SourceDocument, file: ScenarioFile, variant: string): SourceLines {
  const own = file.variants[variant];
  const at = `/variants/${variant}`;
  const line = document.lineOfKey(at);
  const written = (names: readonly string[], pointer: string): readonly (readonly [string, number])[] =>
    names.map((name, index) => [name.trim(), document.line(`${pointer}/${index}`)]);
  const checks = own?.checks ?? file.checks;
  const lines = [
    ...(checks === undefined
      ? defaultChecks.map((name) => [name, line] as const)
      : written(checks, own?.checks === undefined ? "/checks" : `${at}/checks`)),
    ...written(own?.expect ?? file.expect, own?.expect === undefined ? "/expect" : `${at}/expect`),
    ...written(file.abort ?? [], "/abort").map(([text, lineOf]) => [abortName({ text }), lineOf] as const),
  ];
  return { line, lines: Object.fromEntries(lines) };
}
