import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { baselineOf, baselineShape } from "./comparison/baseline.ts";
import { compareGroups } from "./comparison/compare.ts";
import { type Group, groupsOf } from "./comparison/sample-set.ts";
import { writeJsonAtomic } from "./core/atomic-file.ts";
import { wallTime } from "./core/clock.ts";
import { type ExitCode, exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { atPointer, parseJson } from "./core/json.ts";
import { nearby } from "./core/nearby.ts";
import { writeOutput } from "./core/output-file.ts";
import { quoted } from "./core/printable.ts";
import { isSealIntact } from "./core/report.ts";
import { share } from "./core/share.ts";
import { didYouMean, nearest } from "./core/suggest.ts";
import { readRaw } from "./gates/read-folder.ts";
import { defaults } from "./harness-catalogue.ts";
import { runsAskedFor } from "./harness-lookup.ts";
import { unusable } from "./harness-stored.ts";
import { comparisonText } from "./reporters/comparison-text.ts";

// The part of the composition root that holds runs against earlier ones.

/** Where baselines are kept unless said otherwise, relative to where the command is called. */
const baselines = "baselines";
/** What a baseline may be called: its name is that of its file. */
const baselineName = /^\w[\w.-]*$/;

/** What `compare` takes. */
export interface CompareFlags {
  /** Share of chance, as text. */
  readonly alpha: string;
  /** Share of the base's median, as `10%`. */
  readonly effect: string;
  /** Conditions that may differ. */
  readonly accept: readonly string[];
  readonly columns: number;
}

/** Runs of one side, and how many of them nobody judged. */
interface Side {
  readonly groups: readonly Group[];
  readonly unjudged: number;
}

/** Compares head with base. Exit 14 where something is worse, 12 where nothing is alike, 11 where it was not shown; throws `HarnessError` (exit 64, 12). */
export function compareRuns(base: string, head: string | undefined, flags: CompareFlags): Outcome {
  const deciding = { alpha: alphaOf(flags.alpha), effect: effectOf(flags.effect), accepted: flags.accept };
  const sides = { base: sideOf(base), head: sideOf(head ?? defaultFolder()) };
  const known = [...sides.base.groups, ...sides.head.groups].flatMap(({ conditions }) => Object.keys(conditions));
  const odd = flags.accept.find((name) => !known.includes(name));
  if (odd !== undefined && known.length > 0)
    throw usage(`--accept ${odd}: runs have no such condition${didYouMean(odd, [...new Set(known)])}`);
  const comparison = compareGroups({ base: sides.base.groups, head: sides.head.groups }, deciding);
  const unjudged = { base: sides.base.unjudged, head: sides.head.unjudged };
  const isEmpty = comparison.compared.length === 0 && comparison.unlike.length === 0;
  const codes: readonly ExitCode[] = [
    ...comparison.compared.map(({ outcome }) =>
      outcome === "worse" ? exitCodes.regression : outcome === "too-few" ? exitCodes.inconclusive : exitCodes.pass,
    ),
    ...comparison.unlike.map(({ missing }) => (missing === null ? exitCodes.unusable : exitCodes.inconclusive)),
    ...(isEmpty || unjudged.base + unjudged.head + comparison.shared.length > 0 ? [exitCodes.inconclusive] : []),
  ];
  const exitCode = strongestExitCode(codes);
  return {
    exitCode,
    text: comparisonText({ ...comparison, unjudged, exitCode, alpha: deciding.alpha }, flags.columns),
    json: { exit_code: exitCode, alpha: deciding.alpha, effect: deciding.effect, unjudged, ...finite(comparison) },
  };
}

/** Keeps the runs of a folder as a baseline. Throws `HarnessError`: exit 11 is no error, so that a folder without runs is 64, exit 12 for what cannot be believed. */
export function saveBaseline(
  asked: string | undefined,
  { name, output }: { readonly name: string; readonly output: string | undefined },
): Outcome {
  const folder = asked ?? defaultFolder();
  const { groups, unjudged } = sideOf(folder);
  const runs = groups.reduce((sum, { samples }) => sum + samples.length, 0);
  if (runs === 0) throw usage(`there is no judged run in ${folder}, so that there is nothing to keep`);
  if (unjudged > 0) throw unusable(folder, `${unjudged} of its runs were broken off; a baseline is of whole series`);
  if (output === undefined && !baselineName.test(name))
    throw usage(`--name ${quoted(name)}: write letters, digits, dots, dashes and underscores, as release-1.4`);
  const file = output ?? `${baselines}/${name}.json`;
  writeOutput(file, (path) => {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeJsonAtomic(path, baselineOf(name, wallTime(), groups));
  });
  const kept = groups.map(
    ({ scenario, variant, samples }) =>
      `${scenario} · ${variant}: ${samples.length} ${samples.length === 1 ? "run" : "runs"}`,
  );
  return {
    exitCode: exitCodes.pass,
    text: [file, ...kept.map((line) => `  ${line}`), `compare  prism-chaos compare ${file} ${folder}`].join("\n"),
    json: {
      file,
      runs,
      groups: groups.map(({ scenario, variant, samples }) => ({ scenario, variant, runs: samples.length })),
    },
  };
}

function defaultFolder(): string {
  return nearby(resolve(defaults().out ?? "reports"));
}

/** The runs of a baseline by its file or name, of a folder, of a run, or of a chaos file. */
function sideOf(asked: string): Side {
  const named = `${baselines}/${asked}.json`;
  const file = !existsSync(asked) && baselineName.test(asked) && existsSync(named) ? named : asked;
  const content = parseJson(file.endsWith(".json") ? (readRaw(file).text ?? "") : "")?.value ?? null;
  if (content !== null && atPointer(content, "/baseline") !== undefined) {
    const [problem] = baselineShape.errors(content);
    if (!baselineShape.is(content))
      throw unusable(file, `${problem?.instancePath ?? ""} ${problem?.message ?? "it is no baseline"}`);
    if (!isSealIntact(content)) throw unusable(file, "it is not as it was sealed: it was altered after it was written");
    return { groups: content.groups, unjudged: 0 };
  }
  const kept = baselineNames();
  if (!existsSync(file) && nearest(asked, kept) !== null)
    throw usage(`there is no baseline, run, folder or file ${quoted(asked)}${didYouMean(asked, kept)}`);
  const { runs } = runsAskedFor(file, defaultFolder());
  const reports = runs.flatMap((run) => (run.kind === "judged" ? [run.report] : []));
  return { groups: groupsOf(reports), unjudged: runs.length - reports.length };
}

/** The baselines that are kept here. */
function baselineNames(): readonly string[] {
  const files = existsSync(baselines) ? readdirSync(baselines) : [];
  return files.flatMap((name) => (name.endsWith(".json") ? [basename(name, ".json")] : []));
}

function alphaOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw usage(`--alpha ${text}: write a number between 0 and 1, as 0.05`);
}

function effectOf(text: string): number {
  const value = share(text);
  if (value !== null) return value;
  throw usage(`--effect ${text}: write a share, as 10%`);
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next: "prism-chaos compare --help" });
}

/** JSON has no Infinity: what never ended is said so. */
function finite(value: object): object {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "number" && !Number.isFinite(one) ? "endless" : one,
  );
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}
