import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { checks } from "../../src/checks/index.ts";
import { gauges } from "../../src/core/abort-condition.ts";
import { configSchema, loadConfig } from "../../src/core/config.ts";
import { HarnessError } from "../../src/core/harness-error.ts";
import { chaosClasses } from "../../src/core/scenario.ts";
import type { Fault } from "../../src/core/fault.ts";
import { faults } from "../../src/faults/index.ts";
import { vocabulary } from "../../src/harness-catalogue.ts";
import { validateFiles } from "../../src/harness-files.ts";
import { planScenarios } from "../../src/harness-plan.ts";
import type { SeriesFlags } from "../../src/harness-series.ts";
import { measures } from "../../src/measures/index.ts";
import { loadScenario } from "../../src/scenarios/load.ts";
import { defaultChecks, scenarioSchema } from "../../src/scenarios/schema.ts";
import { selectionWords } from "../../src/scenarios/selection.ts";
import { root } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "how-to-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => vi.stubEnv("CHAOS_DURATION", ""));
afterEach(() => vi.unstubAllEnvs());

const page = readFileSync(join(root, "docs", "how-to", "write-a-scenario.md"), "utf8");

/** The page's blocks of one language, with the title under which each stands. */
function blocks(language: string): readonly { readonly title: string; readonly text: string }[] {
  let title = "";
  return [...page.matchAll(/^## (.+?)$|^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, head, kind, text]) => {
    title = head ?? title;
    return kind === language && text !== undefined ? [{ title, text }] : [];
  });
}

type Keys = Readonly<Record<string, unknown>>;
const examples = blocks("yaml");
const isConfig = (text: string): boolean => text.startsWith("# prism-chaos.config.yaml");
const first = examples[0]?.text ?? "";

/** An example as a whole file: what it leaves out is that of the first one; `cast` and `timeline` stand in its only variant. */
function whole(text: string): string {
  const part = parse(text) as Keys;
  if ("name" in part) return text;
  const base = parse(first) as { readonly variants: { readonly kill: Keys } };
  const { cast, timeline, ...top } = part;
  const kill = {
    ...base.variants.kill,
    ...(cast === undefined ? {} : { cast }),
    ...(timeline === undefined ? {} : { timeline }),
  };
  return stringify({ ...base, variants: { kill }, ...top });
}

/** Stores a scenario under the name that the page gives it. */
function stored(text: string): string {
  const file = join(folder, "first.yaml");
  writeFileSync(file, text);
  return file;
}

/** A text of the program without the machine's paths. */
const said = (text: string): string => text.replaceAll(`${folder}/`, "");

/** Keys below a schema, with those of a record's values. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

/** What stands in examples and between back quotes: words of the language, not of the prose. */
const code = [...page.matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)].join("\n");

test("The page names every key of the language, and of a folder's defaults.", () => {
  const keys = new Set([...keysOf(scenarioSchema), ...keysOf(configSchema)]);
  expect(keys.size).toBeGreaterThan(60);
  expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(code))).toEqual([]);
});

test("The page names every measure, gauge and class, every check that is there without asking, and every word of selections.", () => {
  const words = [
    ...Object.keys(measures),
    ...Object.keys(gauges),
    ...chaosClasses,
    ...defaultChecks,
    ...selectionWords,
  ];
  expect(words.filter((word) => !new RegExp(`(?<![\\w.-])${word}(?![\\w-])`).test(code))).toEqual([]);
  expect(defaultChecks.filter((name) => !(name in checks))).toEqual([]);
  const shown = /^checks: (\[.*\])$/m.exec(page)?.[1];
  expect(parse(shown ?? "")).toEqual([...defaultChecks]);
});

test("The page has a row for every fault, with each of its parameters and whom it takes.", () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|(.*?)\| (on|sides|on or sides) +\|/gm)];
  const told = rows.map(([, name = "", parameters = "", takes]) => [
    name,
    [...parameters.matchAll(/`([a-z]+)`/g)].map(([, parameter]) => parameter),
    takes,
  ]);
  const takes = { nodes: "on", sides: "sides", either: "on or sides" } as const;
  const known = Object.values<Fault>(faults).map((fault) => [fault.name, keysOfParameters(fault), takes[fault.takes]]);
  const byName = ([left]: readonly unknown[], [right]: readonly unknown[]): number =>
    String(left) < String(right) ? -1 : 1;
  expect([...told].sort(byName)).toEqual([...known].sort(byName));
});

function keysOfParameters({ schema }: Fault): readonly string[] {
  return "properties" in schema ? Object.keys(schema.properties as object) : [];
}

test.each(
  examples.filter(({ text }) => !isConfig(text)).map(({ title, text }, index) => [index + 1, title, text] as const),
)(
  "Example %i of the page (%s) loads, whole or as a part of the first one, and can be planned.",
  async (_index, _title, text) => {
    const file = stored(whole(text));
    expect(loadScenario(file, vocabulary).name).toBe("first");
    // An example that says how many nodes it is for is planned with those.
    const size = "profiles" in (parse(text) as Keys) ? [] : ["--nodes", "5"];
    expect(await planned([file, ...size])).toMatchObject({ exitCode: 0 });
  },
);

test("The folder's defaults on the page load, with every key but the one for planted defects.", () => {
  const [config] = examples.filter(({ text }) => isConfig(text));
  const file = join(folder, "prism-chaos.config.yaml");
  mkdirSync(join(folder, "chaos", "scenarios"), { recursive: true });
  writeFileSync(file, config?.text ?? "");
  expect(loadConfig(file)).toMatchObject({ scenarios: [join(folder, "chaos", "scenarios")], timeoutMs: 600_000 });
  const shown = Object.keys(parse(config?.text ?? "") as Keys);
  expect(Object.keys(configSchema.properties).filter((key) => !shown.includes(key))).toEqual(["defect"]);
});

test("The plan on the page is what `plan` prints of the first example.", async () => {
  const [plan] = blocks("text").filter(({ text }) => text.startsWith("first · kill:"));
  expect(`${(await planned([stored(first), "--seed", "42"])).text}\n`).toBe(plan?.text);
});

test("The error on the page is what `validate` prints.", () => {
  const [error] = blocks("text").filter(({ text }) => text.startsWith("INVALID"));
  const file = stored(first.replace("inject: kill", "inject: kil"));
  expect(`${said(validateFiles([file], null).text)}\n`).toBe(error?.text);
});

/** Rows of the table whose head begins with this cell: each cell's text in back quotes. */
function table(head: string): readonly (readonly string[])[] {
  const [, rows = ""] = new RegExp(`^\\| ${head} .*\\n\\|[- |]+\\n((?:\\|.*\\n)+)`, "m").exec(page) ?? [];
  return rows
    .trimEnd()
    .split("\n")
    .map((row) => [...row.matchAll(/\| `([^`]*)` /g)].map(([, cell]) => cell ?? ""));
}

test.each(table("for"))(
  "In the first example, for `%s`, `%s` is told as the page says.",
  async (right = "", wrong = "", told = "") => {
    expect(told).not.toBe("");
    expect(first).toContain(right);
    expect(await message([stored(first.replace(right, wrong))])).toContain(told);
  },
);

test.each(table("you called"))("The call `%s` is told as the page says.", async (call = "", told = "") => {
  const words = call.split(" ").map((word) => (word === "first.yaml" ? stored(first) : word));
  const at = words.indexOf("plan");
  for (const variable of words.slice(0, at)) vi.stubEnv(variable.split("=")[0] ?? "", variable.split("=")[1]);
  expect(await message(words.slice(at + 1))).toContain(told);
});

test("What the page says of an unknown result is what a check says, or a run.", () => {
  const sources = ["src/checks/fault-in-force.ts", "src/checks/at-risk.ts", "src/engine/run.ts", "src/engine/signs.ts"]
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const told = [...page.matchAll(/^- `(it was not shown|nothing was|no steady)([^`:]*)/gm)].map(
    ([, head, more]) => `${head}${more}`,
  );
  expect(told).toHaveLength(3);
  expect(told.filter((text) => !sources.includes(text))).toEqual([]);
});

/** What `plan` gives for these names and flags. */
function planned(words: readonly string[]): ReturnType<typeof planScenarios> {
  const value = (flag: string): string | undefined => {
    const at = words.indexOf(flag);
    return at < 0 ? undefined : words[at + 1];
  };
  const list = (flag: string): readonly string[] | undefined => {
    const one = value(flag);
    return one === undefined ? undefined : [one];
  };
  const nodes = value("--nodes");
  const flags: SeriesFlags = {
    all: words.includes("--all"),
    tag: list("--tag"),
    target: undefined,
    profile: undefined,
    variant: list("--variant"),
    seed: value("--seed"),
    repeat: undefined,
    repetition: undefined,
    nodes: nodes === undefined ? undefined : Number(nodes),
    defect: undefined,
    set: list("--set"),
    timeout: value("--timeout"),
    allow: undefined,
    proxy: undefined,
  };
  const end = words.findIndex((word) => word.startsWith("--"));
  return planScenarios(end < 0 ? words : words.slice(0, end), flags, {
    columns: Infinity,
    signal: new AbortController().signal,
  });
}

/** The message with which that is refused. */
async function message(words: readonly string[]): Promise<string> {
  try {
    await planned(words);
  } catch (thrown) {
    if (thrown instanceof HarnessError) return said(thrown.message);
    throw thrown;
  }
  throw new Error("nothing was refused");
}
