import type { ExitCode } from "../core/exit-code.ts";
import { exitCodeName } from "../core/exit-code.ts";
import type { Unit } from "../core/measurement.ts";
import { printable } from "../core/printable.ts";
import { quantity } from "./console.ts";
import { painted, type Row, table } from "./table.ts";
import { wrap } from "./wrap.ts";

/** What two sets of runs came to, as it is told. */
interface Told {
  readonly compared: readonly {
    readonly scenario: string;
    readonly variant: string;
    readonly measure: string;
    readonly unit: Unit;
    readonly base: { readonly runs: number; readonly median: number };
    readonly head: { readonly runs: number; readonly median: number };
    readonly shift: number;
    readonly pWorse: number;
    readonly pBetter: number;
    readonly outcome: "worse" | "better" | "same" | "too-few";
    readonly needed: number | null;
  }[];
  readonly unlike: readonly {
    readonly scenario: string;
    readonly variant: string;
    readonly differences: readonly { readonly name: string; readonly base: string; readonly head: string }[];
    readonly missing: "base" | "head" | null;
  }[];
  readonly shared: readonly string[];
  readonly unjudged: { readonly base: number; readonly head: number };
  readonly exitCode: ExitCode;
  readonly alpha: number;
}

const words = { worse: "WORSE", better: "BETTER", same: "SAME", "too-few": "TOO FEW" } as const;

/** The comparison for people: a row for each measure, what could not be compared and why, what it means, the exit code. */
export function comparisonText(told: Told, columns: number): string {
  const heads: Row = ["scenario", "measure", "base", "head", "shift", "p", "outcome"];
  const rows = told.compared.map((one): Row => [
    `${one.scenario} · ${one.variant}`,
    one.measure,
    sideText(one.base, one.unit),
    sideText(one.head, one.unit),
    shiftText(one.shift, one.unit),
    (one.outcome === "better" ? one.pBetter : one.pWorse).toPrecision(2),
    words[one.outcome],
  ]);
  const parts = [
    ...(rows.length === 0 ? [] : [table([heads, ...rows.map((row) => row.map(printable))], columns, block), ""]),
    ...told.unlike.map((one) => wrap(printable(unlikeText(one)), columns, "      ")),
    ...sharedText(told),
    ...unjudgedText(told),
    wrap(sentence(told), columns),
    `exit ${told.exitCode} (${exitCodeName(told.exitCode)})`,
  ];
  return parts.join("\n");
}

function block(
  [scenario = "", measure = "", base = "", head = "", shift = "", p = "", outcome = ""]: Row,
  columns: number,
): string {
  return [
    wrap(`${painted(outcome)}  ${scenario} ${measure}`, columns, "      "),
    wrap(`      ${base}, now ${head}, shift ${shift}, p ${p}`, columns, "      "),
  ].join("\n");
}

function sideText({ runs, median }: { readonly runs: number; readonly median: number }, unit: Unit): string {
  return `${Number.isFinite(median) ? quantity(median, unit) : "endless"} (n = ${runs})`;
}

function shiftText(shift: number, unit: Unit): string {
  if (!Number.isFinite(shift)) return shift > 0 ? "endless" : "ends now";
  return `${shift > 0 ? "+" : ""}${quantity(shift, unit)}`;
}

function unlikeText({ scenario, variant, differences, missing }: Told["unlike"][number]): string {
  if (missing !== null) {
    const made = differences.map(({ name, [missing === "head" ? "base" : "head"]: value }) => `${name} ${value}`);
    return `NOT COMPARED  ${scenario} · ${variant}: ${missing} has no such runs${made.length === 0 ? "" : ` (${made.join(", ")})`}`;
  }
  const told = differences.map(({ name, base, head }) => `${name} was ${base} and is ${head}`).join("; ");
  return `UNLIKE  ${scenario} · ${variant}: ${told}. Make them alike, or say --accept ${differences[0]?.name ?? ""}.`;
}

function sharedText({ shared: { length } }: Told): readonly string[] {
  if (length === 0) return [];
  return [
    `SAME RUNS  ${length} of head ${length === 1 ? "is" : "are"} in base, too: held against itself a run differs in nothing.`,
  ];
}

function unjudgedText({ unjudged: { base, head } }: Told): readonly string[] {
  const said = [base > 0 ? `${base} of base` : "", head > 0 ? `${head} of head` : ""].filter((part) => part !== "");
  return said.length === 0
    ? []
    : [`NOT JUDGED  ${said.join(" and ")}: these runs ended without a report, and are not compared.`];
}

function sentence({ compared, unlike, alpha }: Told): string {
  const count = (outcome: keyof typeof words): number => compared.filter((one) => one.outcome === outcome).length;
  if (compared.length === 0)
    return unlike.length === 0
      ? "There is nothing to compare."
      : "Nothing of these runs is alike, so that nothing was compared.";
  const needed = Math.max(0, ...compared.map((one) => one.needed ?? 0));
  const few =
    count("too-few") === 0
      ? ""
      : `, ${count("too-few")} of too few runs to show anything (${needed} on each side would do)`;
  const kept = `${count("worse")} of ${compared.length} measures are worse, ${count("better")} are better, ${count("same")} do not differ${few}`;
  return `${kept}; of what is the same, such a comparison says worse at most ${alpha * 100} times in 100. Whether the runs are good enough is for \`gate\` to say.`;
}
