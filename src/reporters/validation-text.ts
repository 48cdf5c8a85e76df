import { printable } from "../core/printable.ts";

/** What was found of one file. */
interface Validated {
  readonly file: string;
  readonly kind: string | null;
  readonly name: string | null;
  readonly problems: readonly unknown[];
  readonly message: string;
}

/** A line for each valid file, every problem of the others, and a summary. */
export function validationText(results: readonly Validated[]): string {
  const parts = results.map(({ file, kind, name, problems, message }) =>
    problems.length === 0 ? `ok       ${printable(file)}  (${kind ?? ""} ${name ?? ""})` : `INVALID  ${message}`,
  );
  const bad = results.filter(({ problems }) => problems.length > 0);
  const problems = bad.reduce((sum, one) => sum + one.problems.length, 0);
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const summary =
    bad.length === 0
      ? `${count(results.length, "file")}, all valid`
      : `${count(results.length, "file")}, ${bad.length} not valid, ${count(problems, "problem")}\n  next: correct them and run the command again; \`prism-chaos explain KEY\` says what a key means`;
  return [...parts, summary].join("\n");
}
