import { durationMs } from "../core/duration.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import { own } from "../core/own.ts";
import { comparators, type Limits, type Step, type StepSubjects } from "../core/scenario.ts";
import type { Selection } from "../core/selection.ts";
import { didYouMean } from "../core/suggest.ts";
import type { ScenarioFile } from "./schema.ts";
import { parseSelection } from "./selection.ts";
import { untilHealed } from "./time-in-force.ts";
import { inTime } from "./timed.ts";

const defaultWaitMs = 5000;

/** What a scenario needs to know of a kind of fault: what is wrong with its parameters. */
export interface FaultParameters {
  readonly takes: "nodes" | "sides" | "either";
  check(params: JsonObject): readonly string[];
}

/** Takes down a problem at a place (JSON pointer) of the file. */
export type Report = (pointer: string, message: string) => void;

/** What a timeline's names are looked up in. */
interface TimelineContext {
  readonly pointer: string;
  readonly limits: Limits;
  readonly vocabulary: {
    readonly faults: Readonly<Record<string, FaultParameters>>;
    readonly probes: readonly string[];
  };
  readonly report: Report;
}

type VariantFile = ScenarioFile["variants"][string];
type StepFile = VariantFile["timeline"][number];
type InjectFile = Extract<StepFile, { inject: string }>;

/** A step of the file and where it stands. */
interface Place<S> {
  readonly read: S;
  readonly at: string;
  readonly cast: readonly string[];
}

/** Turns the steps of a variant into what the engine plays. What is wrong goes to `report`. */
export function parseTimeline(variant: VariantFile, context: TimelineContext): readonly Step[] {
  const open = new Set<string>();
  const used = new Set<string>();
  const steps = variant.timeline.map((read, index): Step => {
    const place = { at: `${context.pointer}/timeline/${index}`, cast: Object.keys(variant.cast ?? {}) };
    if (!("inject" in read)) return plainStep({ ...place, read }, { ...context, open, used });
    const step = inject({ ...place, read }, context);
    if (used.has(step.id)) {
      const at = read.as === undefined ? place.at : `${place.at}/as`;
      context.report(at, `there is a fault "${step.id}" already; give this one another name, by "as"`);
    }
    used.add(step.id);
    if (step.forMs === null) open.add(step.id);
    return step;
  });
  if (used.size === 0) {
    context.report(`${context.pointer}/timeline`, "no step injects a fault, so nothing would be tested");
  }
  const timeline = inTime(steps, variant.timeline, (index, message) =>
    context.report(`${context.pointer}/timeline/${index}`, message),
  );
  for (const { index, inForceMs } of untilHealed(timeline.steps, timeline.origin)) {
    if (inForceMs === 0 && timeline.isTimed) {
      const advice = "nothing comes after it, so that it would be healed at once; give it a time, as for: 3s";
      context.report(`${context.pointer}/timeline/${index}`, advice);
    }
    if (inForceMs <= context.limits.faultMs) continue;
    const limit = `limits.fault is ${context.limits.faultMs / 1000} s`;
    context.report(
      `${context.pointer}/timeline/${index}`,
      `this fault may be in force for ${inForceMs / 1000} s; ${limit}`,
    );
  }
  return timeline.steps;
}

function inject(place: Place<InjectFile>, context: TimelineContext): Extract<Step, { kind: "inject" }> {
  const { read, at } = place;
  const params = plainObject(read.with ?? {});
  const fault = own(context.vocabulary.faults, read.inject);
  if (!fault) {
    const known = Object.keys(context.vocabulary.faults);
    context.report(`${at}/inject`, `there is no fault "${read.inject}"${didYouMean(read.inject, known)}`);
  } else {
    for (const problem of fault.check(params)) context.report(`${at}/with`, `${read.inject}: ${problem}`);
  }
  if (read.for !== undefined && ms(read.for) === 0) {
    context.report(`${at}/for`, "a fault that is in force for no time shows nothing; give it a time, as 3s");
  }
  return {
    kind: "inject",
    id: read.as ?? read.inject,
    fault: read.inject,
    params,
    on: subjects(place, context),
    forMs: read.for === undefined ? null : ms(read.for),
    isAwaited: read.at === undefined,
  };
}

function subjects({ read, at, cast }: Place<InjectFile>, context: TimelineContext): StepSubjects {
  const { report, vocabulary } = context;
  const takes = own(vocabulary.faults, read.inject)?.takes;
  if ((read.on === undefined) === (read.sides === undefined)) {
    report(at, 'say whom it hits, by either "on" or "sides"; "on: everyone" for all');
  } else if (takes === "sides" && read.sides === undefined) {
    report(
      `${at}/on`,
      `${read.inject} is between groups: say who is on each side, as sides: [minority with leader, rest]`,
    );
  } else if (takes === "nodes" && read.sides !== undefined) {
    report(`${at}/sides`, `${read.inject} hits nodes, not groups: say whom, as on: leader`);
  }
  if (read.on !== undefined) onProblems([read.on].flat(), `${at}/on`, report);
  const many = (texts: SubjectsFile, pointer: string): readonly Selection[] =>
    [texts].flat().flatMap((text, index) => {
      const place = Array.isArray(texts) ? `${pointer}/${index}` : pointer;
      return selected({ read: text, at: place, cast }, context) ?? [];
    });
  if (read.sides === undefined) return { kind: "nodes", selections: many(read.on ?? [], `${at}/on`) };
  return { kind: "sides", sides: read.sides.map((side, index) => many(side, `${at}/sides/${index}`)) };
}

/** What `on` may not say: who is left is said only after others, and one word drawn twice is one node. */
function onProblems(texts: readonly (string | number)[], at: string, report: Report): void {
  for (const [index, text] of texts.entries()) {
    const place = texts.length > 1 ? `${at}/${index}` : at;
    if (/^\s*rest\b/.test(String(text))) {
      report(place, '"rest" is who is on no earlier side; write `all but NAME` here, or everyone');
    }
    if (texts.indexOf(text) < index) report(place, `"${text}" stands here twice and is the same; write as 2 followers`);
  }
}

type SubjectsFile = string | number | (string | number)[];

interface OpenFaults extends TimelineContext {
  readonly open: Set<string>;
  readonly used: ReadonlySet<string>;
}

function plainStep({ read, at, cast }: Place<Exclude<StepFile, InjectFile>>, context: OpenFaults): Step {
  if ("heal" in read) {
    if (!context.open.delete(read.heal)) {
      const isOver = context.used.has(read.heal);
      const fix = isOver
        ? ": it is healed by its own `for`, or by a step before; leave out one of them"
        : didYouMean(read.heal, [...context.open]);
      context.report(`${at}/heal`, `no fault "${read.heal}" is in force here${fix}`);
    }
    return { kind: "heal", id: read.heal };
  }
  if ("call" in read) {
    return { kind: "call", operation: read.call, on: one({ read: read.on, at: `${at}/on`, cast }, context) };
  }
  if ("hold" in read) return { kind: "hold", ms: ms(read.hold) };
  if ("join" in read) {
    const limitMs = read.within === undefined ? defaultWaitMs : ms(read.within);
    return { kind: "join", count: read.join, limitMs };
  }
  if ("workload" in read) return { kind: "workload", paused: read.workload === "pause" };
  const limitMs = read.within === undefined ? defaultWaitMs : ms(read.within);
  if (typeof read.await === "string") {
    const { probes } = context.vocabulary;
    if (!probes.includes(read.await)) {
      context.report(`${at}/await`, `there is no probe "${read.await}"${didYouMean(read.await, probes)}`);
    }
    return { kind: "await-probe", probe: read.await, limitMs };
  }
  const { operation, value, is } = read.await;
  const on = one({ read: read.await.on, at: `${at}/await/on`, cast }, context);
  const comparator = comparators.find((known) => is.startsWith(known) && !is.startsWith(`${known}=`)) ?? "==";
  const wanted = Number(is.slice(comparator.length));
  if (!Number.isFinite(wanted)) context.report(`${at}/await/is`, `"${is}" compares with no number; write it as: >= 3`);
  return { kind: "await-value", operation, on, value, comparator, wanted, limitMs };
}

const nobody: Selection = {
  text: "",
  pool: { kind: "members", members: [] },
  amount: { kind: "all" },
  with: [],
  but: [],
};

/** A selection of one node: what can be asked a question. */
function one(place: Place<string | number>, context: TimelineContext): Selection {
  const selection = selected(place, context);
  const isOne =
    selection === null ||
    (selection.pool.kind === "members" && selection.pool.members.length === 1) ||
    (selection.amount.kind === "count" && selection.amount.count === 1);
  if (!isOne) context.report(place.at, `"${place.read}" may be several nodes; name one, as leader or follower`);
  return selection ?? nobody;
}

function selected({ read, at, cast }: Place<string | number>, context: TimelineContext): Selection | null {
  const selection = parseSelection(String(read), cast);
  if (!("problem" in selection)) return selection;
  context.report(at, selection.problem);
  return null;
}

/** The schema has made sure that the text is a duration. */
function ms(text: string): number {
  return durationMs(text) ?? 0;
}

/** What a YAML or JSON file holds is JSON already: the schema just does not say which. */
function plainObject(value: Readonly<Record<string, unknown>>): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(value));
  return isObject(plain) ? plain : {};
}
