import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Static, Type } from "typebox";
import { compileSchema, invalid, readDocument, schemaProblems } from "./document.ts";
import { durationMs } from "./duration.ts";
import { parseProxyChoice, type ProxyChoice } from "./proxy-choice.ts";
import { profileNames, type ProfileName } from "./scenario.ts";
import { closed, durationText } from "./schema-parts.ts";

/** The file of a repository's defaults. */
export const configFileName = "prism-chaos.config.yaml";

const paths = (what: string, example: string) =>
  Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: `Folders and files in which ${what} are found by name, before those that come with prism-chaos; relative to this file.`,
    examples: [[example]],
  });

/** The language of a repository's defaults: what `run` and `plan` take where no flag says otherwise. Every key may be left out. */
export const configSchema = Type.Object(
  {
    target: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The target by name, or as a file relative to this one.",
        examples: ["reference", "chaos/my-system.yaml"],
        default: "reference",
      }),
    ),
    profile: Type.Optional(
      Type.Enum([...profileNames], {
        description: "Sizes and durations; limits are the same in both.",
        examples: ["full"],
        default: "quick",
      }),
    ),
    seed: Type.Optional(
      Type.String({
        minLength: 1,
        description: "What everything is drawn from; a fresh one unless said.",
        examples: ["42"],
      }),
    ),
    repeat: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How often each variant is run.",
        examples: [5],
        default: 1,
        "x-unit": "repetitions",
      }),
    ),
    nodes: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How many nodes are started, instead of the profile's number.",
        examples: [5],
        "x-unit": "nodes",
      }),
    ),
    out: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The folder of the reports, relative to this file.",
        examples: ["reports"],
        default: "reports",
      }),
    ),
    timeout: Type.Optional(
      durationText({
        description: "How long one run may take at most; it is then broken off and healed.",
        examples: ["10m"],
      }),
    ),
    proxy: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "What stands on the links: builtin (our own), toxiproxy (a real server, started for the run), the URL of one that is there, or auto (the server that TOXIPROXY_URL names where it can do what is needed, else the built-in one).",
        examples: ["toxiproxy", "http://127.0.0.1:8474"],
        default: "auto",
      }),
    ),
    defect: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Start the target's nodes with this planted defect.",
        examples: ["stale-read"],
      }),
    ),
    set: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_-]*$" }),
        Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
          description: "The value of the parameter of that name.",
        }),
        { ...closed, description: "Parameters of scenarios, by name.", examples: [{ hold: "30s" }] },
      ),
    ),
    allow: Type.Optional(
      Type.Array(Type.String({ minLength: 1, description: "A target's name.", examples: ["staging"] }), {
        description: "Targets that are not on this machine and may be broken all the same, each by its name.",
        examples: [["staging"]],
        default: [],
      }),
    ),
    limits: Type.Optional(
      Type.Object(
        {
          nodes: Type.Optional(
            Type.String({
              pattern: "^[0-9]+(\\.[0-9]+)?%$",
              description: "Largest share of the nodes that any fault may hit, whatever a scenario says.",
              examples: ["50%"],
              default: "100%",
              "x-unit": "share of the nodes, in %",
            }),
          ),
        },
        { ...closed, description: "What no run here may exceed.", examples: [{ nodes: "50%" }], default: {} },
      ),
    ),
    scenarios: Type.Optional(paths("scenarios", "chaos/scenarios")),
    targets: Type.Optional(paths("targets", "chaos/targets")),
  },
  { ...closed, $id: "urn:prism-chaos:schema:config", title: "prism-chaos defaults of a repository" },
);

type ConfigFile = Static<typeof configSchema>;

/** A repository's defaults; null for what it leaves open. Paths are absolute, times in ms. */
export interface Config {
  /** Where they stand; null where there is no such file. */
  readonly file: string | null;
  readonly target: string | null;
  readonly profile: ProfileName | null;
  readonly seed: string | null;
  readonly repeat: number | null;
  readonly nodes: number | null;
  readonly out: string | null;
  readonly timeoutMs: number | null;
  /** Which proxy stands on the links. */
  readonly proxy: ProxyChoice | null;
  readonly defect: string | null;
  readonly set: Readonly<Record<string, string | number | boolean>>;
  /** Targets elsewhere that may be broken. */
  readonly allow: readonly string[];
  /** Largest share (0 to 1) of the nodes that any fault may hit. */
  readonly nodesShare: number;
  readonly scenarios: readonly string[];
  readonly targets: readonly string[];
}

/**
 * The defaults that hold in a folder: `prism-chaos.config.yaml` there or in the nearest folder above, up to the one that has `.git`.
 * Nothing set where there is none. Throws `HarnessError` (exit 64) for a file that is not valid.
 */
export function readConfig(folder: string): Config {
  const file = findConfig(resolve(folder));
  return file === null ? configOf({}, null, "") : loadConfig(file);
}

/** Loads one such file. Throws `HarnessError` (exit 64) with every problem and its place. */
export function loadConfig(file: string): Config {
  const document = readDocument(file);
  const validate = compileSchema<ConfigFile>(configSchema);
  const { value } = document;
  if (!validate(value)) throw invalid(file, schemaProblems(document, validate.errors ?? []));
  return configOf(value, file, document.place("/proxy"));
}

function findConfig(folder: string): string | null {
  const file = join(folder, configFileName);
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return existsSync(join(folder, ".git")) || above === folder ? null : findConfig(above);
}

/** `proxyPlace`: where `proxy:` stands in the file. */
function configOf(read: ConfigFile, file: string | null, proxyPlace: string): Config {
  const from = (path: string): string => resolve(file === null ? "." : dirname(file), path);
  const target = read.target ?? null;
  return {
    file,
    target: target !== null && /[/\\]|\.(ya?ml|json)$/.test(target) ? from(target) : target,
    profile: profileNames.find((name) => name === read.profile) ?? null,
    seed: read.seed ?? null,
    repeat: read.repeat ?? null,
    nodes: read.nodes ?? null,
    out: read.out === undefined ? null : from(read.out),
    timeoutMs: durationMs(read.timeout ?? ""),
    proxy: read.proxy === undefined ? null : parseProxyChoice(read.proxy, `${proxyPlace}: proxy`),
    defect: read.defect ?? null,
    set: read.set ?? {},
    allow: read.allow ?? [],
    nodesShare: Number((read.limits?.nodes ?? "100%").replace("%", "e-2")),
    scenarios: (read.scenarios ?? []).map(from),
    targets: (read.targets ?? []).map(from),
  };
}
