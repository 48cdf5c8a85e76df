import { action } from "../core/action.ts";
import { type Capability, capabilities as vocabulary } from "../core/capability.ts";
import { formatMs } from "../core/duration.ts";
import { type Fault, type FaultSubjects, hitCount } from "../core/fault.ts";
import { machineCores } from "../core/machine-cores.ts";
import { own } from "../core/own.ts";
import { type Plan, timelineMs } from "../core/plan.ts";
import type { Parameter, Step, StepSubjects } from "../core/scenario.ts";
import type { Cast } from "../core/selection.ts";
import type { LimitWay } from "../core/limit-way.ts";
import type { Target } from "../core/target.ts";
import { stepText } from "./step-text.ts";
import { wrap } from "./wrap.ts";

/** A plan with what its target lacks for it. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly missing: readonly string[];
  /** Why there are so many nodes. */
  readonly size: string;
  readonly capabilities: readonly Capability[];
  /** Whom it would hit if the first node led. */
  readonly example: PlanExample;
  /** The files that the target names. */
  readonly files: Target["files"];
  /** How the limits are put on here, and which cannot be. */
  readonly ways: readonly LimitWay[];
  /** What stands on the links, and what is to be said of it; or why it cannot. */
  readonly proxy: { readonly notes: readonly string[] } | { readonly refusal: string; readonly next: string };
  /** Names of the targets that have all it needs. */
  readonly fitting: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Who would play which part, and whom a step would hit, if this node led. */
interface PlanExample {
  readonly leader: string;
  readonly cast: Cast;
  readonly subjects: (on: StepSubjects) => FaultSubjects;
}

/** What a run would do, for people: sizes, cast with an example, each step with its actions and their undo, the time it takes, what is missing. */
export function planText(planned: PlannedRun, faults: Readonly<Record<string, Fault>>, columns: number): string {
  const { plan, missing, capabilities, ways, example, fitting, parameters } = planned;
  const { declaredMs, atMostMs } = timelineMs(plan.timeline);
  const waits = atMostMs > declaredMs ? `, at most ${formatMs(atMostMs)} with its waits` : "";
  const cast = Object.entries(plan.cast).map(
    ([label, { text }]) => `${label} = ${text} (as ${(example.cast[label] ?? []).join(", ")})`,
  );
  const set = Object.entries(parameters).map(([name, { value, from }]) => `${name} = ${value} (${sources[from]})`);
  const lines: readonly (readonly [string, string])[] = [
    [
      "target",
      `${plan.target.name}, ${plan.nodes.length} nodes (${planned.size})${rolesText(plan)}, ${plan.links.length} directed links${defectText(plan)}`,
    ],
    [
      "profile",
      `${plan.profile}, seed ${plan.seriesSeed} (of this repetition ${plan.seed}), repetition ${plan.repetition} of ${plan.repetitions}, plan ${plan.digest.slice(0, 12)}`,
    ],
    ["parameters", set.join(", ")],
    ["cast", cast.length === 0 ? "" : `${cast.join(", ")}, if ${example.leader} leads`],
    ["needs", capabilities.map((name) => `${name} (${vocabulary[name]})`).join("; ")],
    ["here", wayText(ways.filter(({ by }) => by !== null))],
    ["proxy", "notes" in planned.proxy ? planned.proxy.notes.join("; ") : ""],
    [
      "before",
      `steady (${plan.steadyState.probes.join(", ")}), ${formatMs(plan.sizes.warmUpMs)} of traffic, then ${plan.phaseMs} ms drawn from the seed`,
    ],
  ];
  const edits: readonly (readonly [string, string])[] = [["edits", editsText(plan)]];
  const after: readonly (readonly [string, string])[] = [
    ["after", `whatever is still in force is healed; recovery is waited for up to ${formatMs(plan.recoveryLimitMs)}`],
    ["takes", `${formatMs(declaredMs)} of faults${waits}; the whole run at most ${formatMs(plan.limits.runMs)}`],
    ["aborts", plan.abort.map(({ text }) => text).join(", ")],
    ["checks", [...plan.checks, ...plan.expectations.map(({ text }) => text)].join(", ")],
    ["NOT HERE", wayText(ways.filter(({ by }) => by === null))],
    ["NO PROXY", "refusal" in planned.proxy ? `${planned.proxy.refusal}; ${planned.proxy.next}` : ""],
    missing.length === 0 ? ["missing", "nothing"] : ["MISSING", `${missing.join(", ")}; ${fittingText(fitting)}`],
  ];
  const text = (rows: readonly (readonly [string, string])[]): readonly string[] =>
    rows
      .filter(([, value]) => value !== "")
      .map(([name, value]) => wrap(`  ${name.padEnd(10)} ${value}`, columns, " ".repeat(13)));
  return [
    `${plan.scenario.name} · ${plan.variant.name}: ${plan.variant.title}`,
    ...text([...lines, ...edits]),
    ...timedSteps(plan.timeline).flatMap((timed, index) => stepLines({ ...timed, number: index + 1, planned }, faults)),
    ...text(after),
  ].join("\n");
}

/** How each limit is put on by this machine, or why it cannot be. */
function wayText(ways: readonly LimitWay[]): string {
  return ways.map(({ capability, text }) => `${capability}: ${text}`).join("; ");
}

const sources: Readonly<Record<Parameter["from"], string>> = {
  default: "default",
  profile: "of the profile",
  config: "of prism-chaos.config.yaml",
  environment: "of the environment",
  set: "set",
};

function fittingText(fitting: readonly string[]): string {
  return fitting.length === 0 ? "no target has it all" : `targets that have it all: ${fitting.join(", ")}`;
}

/** Who votes, and who joins later, where that is not everybody and nobody. */
function rolesText({ nodes, voters, joiners }: Plan): string {
  const vote = voters.length === nodes.length ? "" : `, ${voters.length} of them vote`;
  return joiners.length === 0 ? vote : `${vote}, ${joiners.join(" and ")} join by a step`;
}

function editsText({ edits }: Plan): string {
  if (edits === null) return "";
  return `${edits.ratePerSecond} a second of ${edits.documents} documents while a fault is in force`;
}

function defectText({ target }: Plan): string {
  return target.defect === null ? "" : `, defect ${target.defect}`;
}

/** The steps that do something, each with its time where it has one. */
function timedSteps(timeline: readonly Step[]): readonly { readonly step: Step; readonly atMs: number | null }[] {
  let atMs: number | null = null;
  return timeline.flatMap((step) => {
    if (step.kind !== "until") return [{ step, atMs }];
    atMs = step.ms;
    return [];
  });
}

interface PlacedStep {
  readonly step: Step;
  readonly atMs: number | null;
  readonly number: number;
  readonly planned: PlannedRun;
}

function stepLines(
  { step, atMs, number, planned }: PlacedStep,
  faults: Readonly<Record<string, Fault>>,
): readonly string[] {
  const at = atMs === null ? "" : `at ${formatMs(atMs)}: `;
  const line = `  ${String(number).padStart(2)}.        ${at}${stepText(step)}`;
  const fault = step.kind === "inject" ? own(faults, step.fault) : undefined;
  if (step.kind !== "inject" || fault === undefined) return [line];
  const { plan, example } = planned;
  const subjects = example.subjects(step.on);
  const { actions } = fault.work(step.params, {
    id: step.id,
    subjects,
    links: plan.links,
    order: plan.castingOrder,
    seed: plan.seed,
    files: planned.files,
    cores: machineCores(),
  });
  const whom = `                 hits ${hitCount(subjects)} of ${plan.nodes.length} nodes, for example ${subjectNames(subjects)}`;
  const shown = actions.slice(0, 3).map((one) => `                 ${action(one).id}  undo: ${one.undo}`);
  const more = actions.length > 3 ? [`                 … ${actions.length} actions in all`] : [];
  return [line, whom, ...shown, ...more];
}

function subjectNames({ nodes, sides }: FaultSubjects): string {
  const groups = sides.length > 0 ? sides : [nodes];
  return groups.map((group) => [...group.slice(0, 6), ...(group.length > 6 ? ["…"] : [])].join(", ")).join(" | ");
}
