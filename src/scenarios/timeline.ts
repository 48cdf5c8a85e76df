import { durationMs } from "../core/duration.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import { comparators, type Step, type StepSubjects } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import type { ScenarioFile } from "./schema.ts";

const defaultWaitMs = 5000;

/** What a scenario needs to know of a kind of fault: what is wrong with its parameters. */
export interface FaultParameters {
  check(params: JsonObject): readonly string[];
}

/** Takes down a problem at a place (JSON pointer) of the file. */
export type Report = (pointer: string, message: string) => void;

/** What a timeline's names are looked up in. */
interface TimelineContext {
  readonly pointer: string;
  /** The profile's named durations, in ms. */
  readonly durations: Readonly<Record<string, number>>;
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

/** Turns the steps of a variant into what the engine plays, with one profile's durations. What is wrong goes to `report`. */
export function parseTimeline(variant: VariantFile, context: TimelineContext): readonly Step[] {
  const open = new Set<string>();
  const used = new Set<string>();
  const steps = variant.timeline.flatMap((read, index) => {
    const place = { at: `${context.pointer}/timeline/${index}`, cast: Object.keys(variant.cast) };
    if (!("inject" in read)) return plainStep({ ...place, read }, { ...context, open, used });
    const step = inject({ ...place, read }, context);
    if (used.has(step.id)) {
      context.report(place.at, `there is a fault "${step.id}" already; name this one with "as"`);
    }
    used.add(step.id);
    if (step.forMs === null) open.add(step.id);
    return step;
  });
  if (used.size === 0) {
    context.report(`${context.pointer}/timeline`, "no step injects a fault, so nothing would be tested");
  }
  return steps;
}

function inject(place: Place<InjectFile>, context: TimelineContext): Extract<Step, { kind: "inject" }> {
  const { read, at } = place;
  const params = plainObject(read.with ?? {});
  const fault = Object.hasOwn(context.vocabulary.faults, read.inject) ? context.vocabulary.faults[read.inject] : null;
  if (!fault) {
    const known = Object.keys(context.vocabulary.faults);
    context.report(`${at}/inject`, `there is no fault "${read.inject}"${didYouMean(read.inject, known)}`);
  } else {
    for (const problem of fault.check(params)) context.report(`${at}/with`, `${read.inject}: ${problem}`);
  }
  return {
    kind: "inject",
    id: read.as ?? read.inject,
    fault: read.inject,
    params,
    on: subjects(place, context),
    forMs: read.for === undefined ? null : namedDuration(read.for, `${at}/for`, context),
  };
}

function subjects({ read, at, cast }: Place<InjectFile>, context: TimelineContext): StepSubjects {
  const sides = read.sides ?? [];
  const named = read.on === undefined || read.on === "everyone" ? [] : [read.on].flat();
  if ((read.on === undefined) === (read.sides === undefined)) {
    context.report(at, 'say whom it hits, by either "on" or "sides"; "on: everyone" for all');
  }
  for (const label of [...named, ...sides.flat()]) inCast({ read: label, at, cast }, context);
  if (sides.length > 0) return { kind: "sides", sides };
  return read.on === "everyone" ? { kind: "everyone" } : { kind: "cast", labels: named };
}

interface OpenFaults extends TimelineContext {
  readonly open: Set<string>;
  readonly used: ReadonlySet<string>;
}

function plainStep({ read, at, cast }: Place<Exclude<StepFile, InjectFile>>, context: OpenFaults): Step {
  if ("heal" in read) {
    if (!context.open.delete(read.heal)) {
      context.report(
        `${at}/heal`,
        `no fault "${read.heal}" is in force here${didYouMean(read.heal, [...context.used])}`,
      );
    }
    return { kind: "heal", id: read.heal };
  }
  if ("call" in read) {
    inCast({ read: read.on, at: `${at}/on`, cast }, context);
    return { kind: "call", operation: read.call, on: read.on };
  }
  if ("hold" in read) return { kind: "hold", ms: namedDuration(read.hold, `${at}/hold`, context) };
  if ("workload" in read) return { kind: "workload", paused: read.workload === "pause" };
  const limitMs = read.within === undefined ? defaultWaitMs : (durationMs(read.within) ?? 0);
  if (typeof read.await === "string") {
    const { probes } = context.vocabulary;
    if (!probes.includes(read.await)) {
      context.report(`${at}/await`, `there is no probe "${read.await}"${didYouMean(read.await, probes)}`);
    }
    return { kind: "await-probe", probe: read.await, limitMs };
  }
  const { operation, on, value, is } = read.await;
  inCast({ read: on, at: `${at}/await/on`, cast }, context);
  const comparator = comparators.find((known) => is.startsWith(known) && !is.startsWith(`${known}=`)) ?? "==";
  const wanted = Number(is.slice(comparator.length));
  return { kind: "await-value", operation, on, value, comparator, wanted, limitMs };
}

function inCast({ read, at, cast }: Place<string>, context: TimelineContext): void {
  if (!cast.includes(read)) context.report(at, `"${read}" is not in the cast${didYouMean(read, cast)}`);
}

function namedDuration(text: string, at: string, context: TimelineContext): number {
  const ms = durationMs(text) ?? context.durations[text];
  if (ms !== undefined) return ms;
  const known = Object.keys(context.durations);
  context.report(
    at,
    `"${text}" is neither a time with its unit (as 5s) nor a duration of every profile${didYouMean(text, known)}`,
  );
  return 0;
}

/** What a YAML or JSON file holds is JSON already: the schema just does not say which. */
function plainObject(value: Readonly<Record<string, unknown>>): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(value));
  return isObject(plain) ? plain : {};
}
