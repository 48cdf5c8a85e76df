import type { ProfileName, Scenario } from "../core/scenario.ts";
import type { Target } from "../core/target.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Plan } from "../core/plan.ts";
import { didYouMean } from "../core/suggest.ts";
import { makePlan } from "./plan.ts";

/** What a `run` or `plan` command asks for, after its names were looked up. */
export interface SeriesRequest {
  readonly scenario: Scenario;
  readonly target: Target;
  readonly profile: ProfileName;
  /** Empty: every variant. */
  readonly variants: readonly string[];
  readonly seed: string;
  /** How often each variant is repeated, and the one repetition that is wanted (null: all). */
  readonly repeat: number;
  readonly repetition: number | null;
  readonly nodes: number | null;
  readonly defect: string | null;
  readonly faultMs: number | null;
}

/** The plans of a series: each variant, each repetition with a seed of its own. Throws `HarnessError` (exit 64) for what is not there. */
export function plansOf(request: SeriesRequest): readonly [Plan, ...Plan[]] {
  const { scenario, target, variants, repeat, repetition } = request;
  const known = scenario.variants.map(({ name }) => name);
  const unknown = variants.find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(`${scenario.name} has no variant "${unknown}"${didYouMean(unknown, known)}`);
  if (repetition !== null && repetition > repeat) {
    throw refused(`there is no repetition ${repetition} of ${repeat}; raise --repeat or lower --repetition`);
  }
  const numbers = repetition === null ? Array.from({ length: repeat }, (_, index) => index + 1) : [repetition];
  const plans = (variants.length > 0 ? variants : known).flatMap((variant) =>
    numbers.map((number) =>
      makePlan(scenario, target, {
        variant,
        profile: request.profile,
        seriesSeed: request.seed,
        repetition: number,
        repetitions: repeat,
        defect: request.defect,
        nodes: request.nodes,
        faultMs: request.faultMs,
      }),
    ),
  );
  const [first, ...rest] = plans;
  if (first === undefined) throw refused(`${scenario.name} has no variant`);
  return [first, ...rest];
}

/** What was asked for in words that a plan does not hold. */
export interface Asked {
  readonly scenario: string;
  readonly target: string;
  readonly nodes: number | null;
  readonly faultMs: number | null;
}

/** The command that runs just this repetition again, with the same plan. */
export function reproduceCommand(plan: Plan, request: Asked): string {
  const flags = [
    `--variant ${plan.variant.name}`,
    `--profile ${plan.profile}`,
    `--seed ${plan.seriesSeed}`,
    ...(plan.repetitions > 1 ? [`--repeat ${plan.repetitions}`, `--repetition ${plan.repetition}`] : []),
    ...(request.target === "reference" ? [] : [`--target ${request.target}`]),
    ...(request.nodes === null ? [] : [`--nodes ${request.nodes}`]),
    ...(plan.target.defect === null ? [] : [`--defect ${plan.target.defect}`]),
  ];
  const environment = request.faultMs === null ? "" : `CHAOS_DURATION=${request.faultMs / 1000} `;
  return `${environment}prism-chaos run ${request.scenario} ${flags.join(" ")}`;
}

function refused(message: string): HarnessError {
  return new HarnessError(message, { code: "no-such-plan", exit: "usage", next: "prism-chaos list scenarios" });
}
