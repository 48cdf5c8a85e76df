import { parseDuration } from "./core/duration.ts";
import { durationVariable, environmentVariable } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { parseProxyChoice, type ProxyChoice } from "./core/proxy-choice.ts";
import { freshSeed } from "./core/random.ts";
import type { ProfileName, Scenario } from "./core/scenario.ts";
import { didYouMean } from "./core/suggest.ts";
import type { SeriesRequest } from "./engine/request.ts";
import { defaults, findScenarios, findTarget, scenarioNames } from "./harness-catalogue.ts";

// The part of the composition root that turns what a command asks for into what is planned.

/** What the flags of `run` and `plan` say. Undefined: not said. */
export interface SeriesFlags {
  readonly all: boolean;
  /** Only scenarios with one of these tags; undefined: whatever tags they have. */
  readonly tag: readonly string[] | undefined;
  readonly target: string | undefined;
  readonly profile: ProfileName | undefined;
  /** Undefined: every variant. */
  readonly variant: readonly string[] | undefined;
  readonly seed: string | undefined;
  readonly repeat: number | undefined;
  readonly repetition: number | undefined;
  readonly nodes: number | undefined;
  readonly defect: string | undefined;
  /** `name=value`, each. */
  readonly set: readonly string[] | undefined;
  readonly timeout: string | undefined;
  /** `auto`, `builtin`, `toxiproxy` or a URL. */
  readonly proxy: string | undefined;
  /** Targets elsewhere that may be broken, by name. */
  readonly allow: readonly string[] | undefined;
}

/** One scenario of a call: what is planned for it, and the words by which it was asked for. */
export interface AskedSeries {
  readonly request: SeriesRequest;
  readonly asked: string;
  readonly target: string;
  readonly proxy: ProxyChoice;
}

/** One request for each scenario that is asked for. Throws `HarnessError` (exit 64) for names and values that do not exist; all before anything runs. */
export function askedSeries(names: readonly string[], flags: SeriesFlags): readonly AskedSeries[] {
  if (flags.all && names.length > 0) throw usage("--all runs every scenario; give names or --all, not both");
  if (!flags.all && names.length === 0) {
    throw usage(`say which scenario, or --all; there are ${scenarioNames().join(", ")}`);
  }
  const own = defaults();
  const set = settings(flags.set ?? []);
  const usual = Object.fromEntries(Object.entries(own.set).map(([name, value]) => [name, String(value)]));
  const profile = flags.profile ?? own.profile ?? "quick";
  const choices = { profile, set, usual, variable: environmentVariable } as const;
  const target = flags.target ?? own.target ?? "reference";
  const seed = flags.seed ?? own.seed ?? freshSeed();
  const named = (flags.all ? scenarioNames() : names).flatMap((asked) =>
    findScenarios(asked, choices).map((scenario) => ({
      asked: asked === scenario.class ? scenario.name : asked,
      scenario,
    })),
  );
  const found = flags.tag === undefined ? named : tagged(named, flags.tag);
  refuseUnknownDefaults(own.file, Object.keys(own.set));
  refuseUnused(
    found.map(({ scenario }) => scenario),
    set,
  );
  const runLimitMs = flags.timeout === undefined ? own.timeoutMs : parseDuration(flags.timeout, "--timeout");
  const proxy = askedProxy(flags.proxy);
  if (runLimitMs === 0) throw usage("--timeout 0 leaves no time for any run; give it a time, as 5m");
  return found.map(({ asked, scenario }) => ({
    asked,
    target,
    proxy,
    request: {
      scenario,
      target: findTarget(target),
      variants: flags.variant ?? [],
      seed,
      repeat: flags.repeat ?? own.repeat ?? 1,
      repetition: flags.repetition ?? null,
      nodes: flags.nodes ?? own.nodes,
      defect: flags.defect ?? own.defect,
      runLimitMs,
      nodesShare: own.nodesShare,
      allow: flags.allow ?? [],
    },
  }));
}

/** Those that have one of the tags. Throws where none has one: a run of nothing would show nothing. */
function tagged<T extends { readonly scenario: Scenario }>(named: readonly T[], tags: readonly string[]): readonly T[] {
  const known = [...new Set(named.flatMap(({ scenario }) => scenario.tags))];
  const unknown = tags.find((tag) => !known.includes(tag));
  if (unknown !== undefined) throw usage(noneTagged(unknown, known));
  return named.filter(({ scenario }) => tags.some((tag) => scenario.tags.includes(tag)));
}

/** That no scenario has a tag, with the near one that some have. */
export function noneTagged(tag: string, known: readonly string[]): string {
  return `no scenario is tagged "${tag}"${known.length === 0 ? "; none here has a tag" : didYouMean(tag, known)}`;
}

/** Which proxy a flag asks for, else the repository's default. Throws `HarnessError` (exit 64). */
export function askedProxy(flag: string | undefined): ProxyChoice {
  if (flag !== undefined) return parseProxyChoice(flag, "--proxy");
  return defaults().proxy ?? { kind: "auto", text: "auto" };
}

/** `name=value` texts by name. */
function settings(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts.map((text): readonly [string, string] => {
    const at = text.indexOf("=");
    if (at < 1) throw usage(`--set ${text}: write it as name=value, as --set hold=5s`);
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  });
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined) throw usage(`--set ${twice[0]} is given twice`);
  return Object.fromEntries(pairs);
}

/** A default that no scenario at all takes is a slip of the pen; one that others take is for them. */
function refuseUnknownDefaults(file: string | null, names: readonly string[]): void {
  if (names.length === 0) return;
  const known = scenarioNames().flatMap((name) =>
    findScenarios(name).flatMap(({ parameters }) => Object.keys(parameters)),
  );
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HarnessError(`${file}: set.${unknown}: no scenario has such a parameter${didYouMean(unknown, known)}`, {
    code: "unused-default",
    exit: "usage",
    next: "correct it there, or leave it out",
  });
}

/** What nothing takes would change nothing, and the run would not be the one that was asked for. */
function refuseUnused(scenarios: readonly Scenario[], set: Readonly<Record<string, string>>): void {
  const known = [...new Set(scenarios.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = scenarios.map(({ name }) => name).join(", ");
  const unknown = Object.keys(set).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = known.length === 0 ? "; it has none" : didYouMean(unknown, known);
    throw usage(`--set ${unknown}: ${names} has no parameter "${unknown}"${near}`);
  }
  if (environmentVariable(durationVariable) === null) return;
  const takes = ({ parameters }: Scenario): boolean =>
    Object.values(parameters).some(({ variable }) => variable === durationVariable);
  const without = scenarios.filter((scenario) => !takes(scenario));
  if (without.length === 0) return;
  throw new HarnessError(
    `${durationVariable} is set, and ${without.map(({ name }) => name).join(", ")} takes it by no parameter`,
    {
      code: "unused-environment",
      exit: "usage",
      next: `give the time of its faults a parameter with \`environment: ${durationVariable}\`, or unset the variable`,
    },
  );
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next: "prism-chaos run --help" });
}
