import {
  compileSchema,
  invalid,
  type Problem,
  readDocument,
  schemaProblems,
  type SourceDocument,
} from "../core/document.ts";
import { durationMs } from "../core/duration.ts";
import type { Unit } from "../core/measurement.ts";
import type { Expectation, Profile, ProfileName, Scenario, Step, Variant } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import { parseExpectation } from "./expectation.ts";
import { type FaultParameters, parseTimeline, type Report } from "./timeline.ts";
import { type ScenarioFile, scenarioSchema } from "./schema.ts";

/** The names that a scenario may use: what is registered, handed in by the harness. */
export interface ScenarioVocabulary {
  /** Parameters of a fault to problems (none: valid), by the fault's name. */
  readonly faults: Readonly<Record<string, FaultParameters>>;
  readonly probes: readonly string[];
  readonly workloads: readonly string[];
  readonly checks: readonly string[];
  readonly measures: Readonly<Record<string, Unit>>;
}

/** Reads a scenario file. Throws `HarnessError` (exit 64) with every problem and its place. */
export function loadScenario(file: string, vocabulary: ScenarioVocabulary): Scenario {
  const document = readDocument(file);
  const validate = compileSchema<ScenarioFile>(scenarioSchema);
  const { value } = document;
  if (!validate(value)) throw invalid(file, schemaProblems(document, validate.errors ?? []));
  const problems: Problem[] = [];
  const report: Report = (pointer, message) => {
    const problem = document.problem(pointer, message);
    // Each profile reads the same steps, so that it would be told twice.
    if (!problems.some((told) => told.place === problem.place && told.message === message)) problems.push(problem);
  };
  const scenario = build({ document, file: value, vocabulary, report });
  if (problems.length > 0) throw invalid(file, problems);
  return scenario;
}

interface Source {
  readonly document: SourceDocument;
  readonly file: ScenarioFile;
  readonly vocabulary: ScenarioVocabulary;
  readonly report: Report;
}

function build(source: Source): Scenario {
  const { file, vocabulary, report } = source;
  known({ names: file.checks, among: vocabulary.checks, what: "check", pointer: "/checks" }, report);
  known(
    { names: file.steadyState.probes, among: vocabulary.probes, what: "probe", pointer: "/steadyState/probes" },
    report,
  );
  known(
    { names: [file.workload.name], among: vocabulary.workloads, what: "workload", pointer: "/workload/name" },
    report,
  );
  const { mix } = file.workload;
  if (Math.abs(mix.read + mix.write + mix.cas - 1) > 1e-9) report("/workload/mix", "the shares must add up to 1");
  const expectations = parseExpectations(file.expect, "/expect", source);
  return {
    name: file.name,
    title: file.title,
    class: file.class,
    profiles: { quick: profile(file.profiles.quick), full: profile(file.profiles.full) },
    steadyState: {
      probes: file.steadyState.probes,
      holdMs: ms(file.steadyState.hold),
      limitMs: ms(file.steadyState.within),
    },
    phaseMs: ms(file.phase),
    workload: {
      name: file.workload.name,
      clientsPerNode: file.workload.clientsPerNode,
      roamingClients: file.workload.roamingClients,
      keys: file.workload.keys,
      thinkMs: ms(file.workload.think),
      timeoutMs: ms(file.workload.timeout),
      mix,
    },
    variants: Object.entries(file.variants).map(([name, read]) => variant({ name, read, expectations }, source)),
    checks: file.checks,
    recoveryLimitMs: ms(file.recoverWithin),
    file: source.document.file,
  };
}

interface NamedVariant {
  readonly name: string;
  readonly read: ScenarioFile["variants"][string];
  readonly expectations: readonly Expectation[];
}

function variant({ name, read, expectations }: NamedVariant, source: Source): Variant {
  const pointer = `/variants/${name}`;
  const timeline = (profileName: ProfileName): readonly Step[] =>
    parseTimeline(read, {
      pointer,
      durations: profile(source.file.profiles[profileName]).durations,
      vocabulary: source.vocabulary,
      report: source.report,
    });
  return {
    name,
    title: read.title,
    cast: read.cast,
    timelines: { quick: timeline("quick"), full: timeline("full") },
    expectations:
      read.expect === undefined ? expectations : parseExpectations(read.expect, `${pointer}/expect`, source),
  };
}

function parseExpectations(texts: readonly string[], pointer: string, source: Source): readonly Expectation[] {
  return texts.flatMap((text, index) => {
    const parsed = parseExpectation(text, source.vocabulary.measures);
    if ("problem" in parsed) source.report(`${pointer}/${index}`, parsed.problem);
    return "problem" in parsed ? [] : [parsed];
  });
}

function profile(read: ScenarioFile["profiles"][ProfileName]): Profile {
  const durations = Object.entries(read.durations ?? {}).map(([name, text]) => [name, ms(text)] as const);
  return {
    nodes: read.nodes,
    warmUpMs: ms(read.warmUp),
    coolDownMs: ms(read.coolDown),
    durations: Object.fromEntries(durations),
  };
}

interface KnownNames {
  readonly names: readonly string[];
  readonly among: readonly string[];
  readonly what: string;
  readonly pointer: string;
}

function known({ names, among, what, pointer }: KnownNames, report: Report): void {
  for (const [index, name] of names.entries()) {
    const place = names.length > 1 || pointer.endsWith("s") ? `${pointer}/${index}` : pointer;
    if (!among.includes(name)) report(place, `there is no ${what} "${name}"${didYouMean(name, among)}`);
  }
}

/** The schema has made sure that the text is a duration. */
function ms(text: string): number {
  return durationMs(text) ?? 0;
}
