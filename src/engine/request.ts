import { formatDuration } from "../core/duration.ts";
import type { Scenario } from "../core/scenario.ts";
import type { Target } from "../core/target.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Plan } from "../core/plan.ts";
import { didYouMean } from "../core/suggest.ts";
import { makePlan } from "./plan.ts";

/** What a `run` or `plan` command asks for, after its names were looked up. */
export interface SeriesRequest {
  readonly scenario: Scenario;
  readonly target: Target;
  /** Empty: every variant. */
  readonly variants: readonly string[];
  readonly seed: string;
  /** How often each variant is repeated, and the one repetition that is wanted (null: all). */
  readonly repeat: number;
  readonly repetition: number | null;
  readonly nodes: number | null;
  readonly defect: string | null;
  /** `--timeout`, in ms, or null. */
  readonly runLimitMs: number | null;
  /** Largest share (0 to 1) of the nodes that any fault may hit, whatever the scenario allows. */
  readonly nodesShare: number;
  /** Targets elsewhere that may be broken, as they were written out. */
  readonly allow: readonly string[];
}

/** The plans of a series: each variant, each repetition with a seed of its own. Throws `HarnessError` (exit 64) for what is not there. */
export function plansOf(request: SeriesRequest): readonly [Plan, ...Plan[]] {
  const { scenario, target, variants, repeat, repetition } = request;
  const known = scenario.variants.map(({ name }) => name);
  const unknown = variants.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw refused(`${scenario.name} has no variant "${unknown}"${didYouMean(unknown, known)}`, scenario.name);
  }
  if (repetition !== null && repetition > repeat) {
    throw refused(
      `there is no repetition ${repetition} of ${repeat}; raise --repeat or lower --repetition`,
      scenario.name,
    );
  }
  const numbers = repetition === null ? Array.from({ length: repeat }, (_, index) => index + 1) : [repetition];
  const plans = (variants.length > 0 ? variants : known).flatMap((variant) =>
    numbers.map((number) =>
      makePlan(scenario, target, {
        variant,
        seriesSeed: request.seed,
        repetition: number,
        repetitions: repeat,
        defect: request.defect,
        nodes: request.nodes,
        runLimitMs: request.runLimitMs,
        nodesShare: request.nodesShare,
      }),
    ),
  );
  const [first, ...rest] = plans;
  if (first === undefined) throw refused(`${scenario.name} has no variant`, scenario.name);
  return [first, ...rest];
}

/** What was asked for in words that a plan does not hold. */
export interface Asked {
  readonly scenario: string;
  readonly target: string;
  readonly nodes: number | null;
  readonly runLimitMs: number | null;
  readonly allow: readonly string[];
  /** What to say for `--proxy`, or null: nothing, the built-in one is taken. */
  readonly proxy: string | null;
  /** The folder of the reports, where one was given. */
  readonly out: string | null;
  /** The scenario's parameters: those that were changed from outside are said. */
  readonly parameters: Scenario["parameters"];
}

/** The command that runs just this repetition again, with the same plan. */
export function reproduceCommand(plan: Plan, request: Asked): string {
  const outside: ReadonlySet<string> = new Set(["set", "environment", "config"]);
  const changed = Object.entries(request.parameters).filter(([, { from }]) => outside.has(from));
  const words = [
    `--variant ${plan.variant.name}`,
    `--profile ${plan.profile}`,
    `--seed ${quoted(plan.seriesSeed)}`,
    ...(plan.repetitions > 1 ? [`--repeat ${plan.repetitions}`, `--repetition ${plan.repetition}`] : []),
    ...(request.target === "reference" ? [] : [`--target ${quoted(request.target)}`]),
    ...request.allow.map((name) => `--allow ${quoted(name)}`),
    ...(request.nodes === null ? [] : [`--nodes ${request.nodes}`]),
    ...changed.map(([name, { value }]) => `--set ${quoted(`${name}=${value}`)}`),
    ...(plan.target.defect === null ? [] : [`--defect ${plan.target.defect}`]),
    ...(request.proxy === null ? [] : [`--proxy ${quoted(request.proxy)}`]),
    ...(request.out === null ? [] : [`--out ${quoted(request.out)}`]),
    ...(request.runLimitMs === null ? [] : [`--timeout ${formatDuration(request.runLimitMs)}`]),
  ];
  return `prism-chaos run ${quoted(request.scenario)} ${words.join(" ")}`;
}

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=%@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function refused(message: string, scenario: string): HarnessError {
  return new HarnessError(message, { code: "no-such-plan", exit: "usage", next: `prism-chaos show ${scenario}` });
}
