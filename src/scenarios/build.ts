import type { SourceDocument } from "../core/document.ts";
import { durationMs } from "../core/duration.ts";
import type {
  Expectation,
  Limits,
  Parameter,
  ProfileName,
  Scenario,
  Variant,
  WorkloadSettings,
} from "../core/scenario.ts";
import { labelsIn, type Selection } from "../core/selection.ts";
import { didYouMean } from "../core/suggest.ts";
import { parseAbortCondition, parseExpectation } from "../core/expectation.ts";
import { sourcePath } from "../core/scenario-source.ts";
import type { ScenarioVocabulary } from "./load.ts";
import { defaultChecks, type ScenarioFile } from "./schema.ts";
import { parseSelection, selectionWords } from "./selection.ts";
import { sideTraffic } from "./side-traffic.ts";
import { sourceLines } from "./source-lines.ts";
import { parseTimeline, type Report } from "./timeline.ts";

/** A file that its schema accepts, and what its names are looked up in. */
interface Source {
  readonly document: SourceDocument;
  readonly file: ScenarioFile;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly profile: ProfileName;
  readonly vocabulary: ScenarioVocabulary;
  readonly report: Report;
}

/** Makes the scenario of one profile; reports every name that stands for nothing and every number that does not fit. */
export function build(source: Source): Scenario {
  const { file, report, profile, vocabulary } = source;
  const workload = settings(file, report);
  reportUnknownNames(workload.name, source);
  const limits = limitsOf(file);
  const expectations = parseExpectations(file.expect, "/expect", source);
  const sizes = file.profiles[profile];
  return {
    name: file.name,
    title: file.title,
    description: file.description ?? "",
    class: file.class,
    tags: file.tags ?? [],
    profile,
    sizes: {
      nodes: sizes.nodes,
      joiners: sizes.joiners ?? 0,
      warmUpMs: ms(sizes.warmUp ?? "1s"),
      coolDownMs: ms(sizes.coolDown ?? "500ms"),
    },
    parameters: source.parameters,
    needs: {
      operations: file.needs?.operations?.map(String) ?? [],
      capabilities: vocabulary.capabilities.filter((name) => file.needs?.capabilities?.includes(name)),
    },
    steadyState: {
      probes: file.steadyState.probes,
      holdMs: ms(file.steadyState.hold ?? "2s"),
      limitMs: ms(file.steadyState.within ?? "20s"),
    },
    phaseMs: ms(file.phase ?? "1s"),
    workload,
    ...sideTraffic(file, report),
    variants: Object.entries(file.variants).map(([name, read]) =>
      variant({ name, read, expectations, limits }, source),
    ),
    abort: (file.abort ?? []).flatMap((text, index) => {
      const parsed = parseAbortCondition(text, vocabulary.probes);
      if ("problem" in parsed) report(`/abort/${index}`, parsed.problem);
      return "problem" in parsed ? [] : [parsed];
    }),
    limits,
    recoveryLimitMs: ms(file.recoverWithin ?? "30s"),
    file: source.document.file,
    source: { file: sourcePath(source.document.file), digest: source.document.digest },
  };
}

/** Reports every check, probe and workload of which there is none of that name. */
function reportUnknownNames(workload: string, { file, vocabulary, report }: Source): void {
  const known = (names: readonly string[], among: readonly string[], told: Told): void => {
    for (const [index, name] of names.entries()) {
      const pointer = told.isList ? `${told.pointer}/${index}` : told.pointer;
      if (!among.includes(name)) report(pointer, `there is no ${told.what} "${name}"${didYouMean(name, among)}`);
    }
  };
  known(file.checks ?? [], vocabulary.checks, { what: "check", pointer: "/checks", isList: true });
  for (const [name, { checks = [] }] of Object.entries(file.variants)) {
    known(checks, vocabulary.checks, { what: "check", pointer: `/variants/${name}/checks`, isList: true });
  }
  const probesAt = { what: "probe", pointer: "/steadyState/probes", isList: true };
  known(file.steadyState.probes, vocabulary.probes, probesAt);
  known([workload], vocabulary.workloads, { what: "workload", pointer: "/workload/name", isList: false });
}

interface Told {
  readonly what: string;
  readonly pointer: string;
  readonly isList: boolean;
}

function settings(file: ScenarioFile, report: Report): WorkloadSettings {
  const read = file.workload ?? {};
  const mix = read.mix ?? { read: 0.5, write: 0.35, cas: 0.15 };
  if (Math.abs(mix.read + mix.write + mix.cas - 1) > 1e-9) report("/workload/mix", "the shares must add up to 1");
  if (read.rate !== undefined && read.think !== undefined) {
    report("/workload/rate", "a client either rests after each answer (`think`) or keeps a rate; leave one out");
  }
  const rate = read.rate === undefined ? null : Number(read.rate.replace("/s", ""));
  if (rate === 0) report("/workload/rate", "no operation would ever be due; write it as 200/s");
  const clients = { clientsPerNode: read.clientsPerNode ?? 2, roamingClients: read.roamingClients ?? 4 };
  if (clients.clientsPerNode + clients.roamingClients === 0) {
    report("/workload", "there is no client, so nothing would be at risk; give at least one");
  }
  return {
    name: read.name ?? "register",
    ...clients,
    keys: read.keys ?? 5,
    thinkMs: rate === null ? ms(read.think ?? "8ms") : 0,
    ratePerSecond: rate,
    timeoutMs: ms(read.timeout ?? "1s"),
    mix,
  };
}

function limitsOf({ limits }: ScenarioFile): Limits {
  return {
    faultMs: ms(limits?.fault ?? "10m"),
    runMs: ms(limits?.run ?? "1h"),
    nodesShare: Number((limits?.nodes ?? "100%").replace("%", "e-2")),
  };
}

interface NamedVariant {
  readonly name: string;
  readonly read: ScenarioFile["variants"][string];
  readonly expectations: readonly Expectation[];
  readonly limits: Limits;
}

function variant({ name, read, expectations, limits }: NamedVariant, source: Source): Variant {
  const pointer = `/variants/${name}`;
  const { vocabulary, report } = source;
  return {
    name,
    title: read.title,
    cast: castOf(read.cast ?? {}, `${pointer}/cast`, report),
    timeline: parseTimeline(read, { pointer, limits, vocabulary, report }),
    checks: read.checks ?? source.file.checks ?? defaultChecks,
    expectations:
      read.expect === undefined ? expectations : parseExpectations(read.expect, `${pointer}/expect`, source),
    source: sourceLines(source.document, source.file, name),
  };
}

/** The parts in their order; one may name those before it. */
function castOf(
  cast: Readonly<Record<string, string | number>>,
  pointer: string,
  report: Report,
): Readonly<Record<string, Selection>> {
  const labels = Object.keys(cast);
  const parsed = Object.entries(cast).flatMap(([label, text]): readonly (readonly [string, Selection])[] => {
    const at = `${pointer}/${label}`;
    if (selectionWords.some((word) => word === label))
      report(at, `"${label}" has a meaning of its own; call it another`);
    const selection = parseSelection(String(text), labels);
    if ("problem" in selection) {
      report(at, selection.problem);
      return [];
    }
    const later = labelsIn(selection).find((one) => labels.indexOf(one) >= labels.indexOf(label));
    if (later !== undefined) report(at, `"${later}" is not chosen yet; a part may name those before it`);
    return [[label, selection]];
  });
  return Object.fromEntries(parsed);
}

function parseExpectations(texts: readonly string[], pointer: string, source: Source): readonly Expectation[] {
  return texts.flatMap((text, index) => {
    const parsed = parseExpectation(text, source.vocabulary.measures);
    if ("problem" in parsed) source.report(`${pointer}/${index}`, parsed.problem);
    return "problem" in parsed ? [] : [parsed];
  });
}

/** The schema has made sure that the text is a duration. */
function ms(text: string): number {
  return durationMs(text) ?? 0;
}
