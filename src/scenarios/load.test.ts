import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { HarnessError } from "../core/harness-error.ts";
import type { Scenario } from "../core/scenario.ts";
import { part } from "../core/testing/selections.ts";
import { asWritten, loadScenario, type ScenarioVocabulary } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "scenarios-"));
afterAll(() => rmSync(folder, { recursive: true }));

const catalogue = join(import.meta.dirname, "catalogue");
const good = readFileSync(join(catalogue, "leader-loss.yaml"), "utf8");
const vocabulary: ScenarioVocabulary = {
  faults: Object.fromEntries(
    ["kill", "pause", "isolate", "partition", "hook"].map((name) => [
      name,
      { takes: name === "partition" ? ("sides" as const) : ("nodes" as const), check: () => [] },
    ]),
  ),
  probes: ["healthy", "one-leader", "led", "all-links", "no-leader", "replicas-agree"],
  workloads: ["register"],
  checks: [
    "steady-before",
    "fault-in-force",
    "at-risk",
    "fault-gone",
    "one-leader-per-term",
    "old-leader-steps-down",
    "acknowledged-writes",
    "linearizable",
  ],
  capabilities: ["process.kill", "link.stall"],
  measures: { "failover.time": "ms", "recovery.time": "ms", "uptime.ratio": "ratio", "writes.lost": "count" },
};

function load(text: string | Buffer, words = vocabulary, choices = asWritten): Scenario {
  const file = join(folder, "scenario.yaml");
  writeFileSync(file, text);
  return loadScenario(file, words, choices);
}

test("The catalogue's leader-loss is valid, in ms, with every variant in both profiles.", () => {
  const scenario = load(good);
  expect(scenario.variants.map(({ name }) => name)).toEqual(["kill", "cut", "pause", "several", "successor", "revote"]);
  expect(scenario.parameters["hold"]).toMatchObject({ value: "3s", from: "default", variable: "CHAOS_DURATION" });
  const kill = scenario.variants[0];
  const on = { kind: "nodes", selections: [part("lost")] };
  expect(kill?.timeline).toEqual([
    { kind: "inject", id: "kill", fault: "kill", params: {}, on, forMs: 3000, isAwaited: true },
  ]);
  const full = load(good, vocabulary, { ...asWritten, profile: "full" });
  expect(full.variants[0]?.timeline[0]).toMatchObject({ forMs: 30_000 });
  expect(kill?.expectations.map(({ limit }) => limit)).toEqual([5000, 5000, 0.995]);
});

/** A change of the good file, and what must be said of it: the line of the place, and words of the message. */
const broken: readonly (readonly [string, string, string, RegExp])[] = [
  [
    "an unknown key",
    "recoverWithin: 30s",
    "recoverWithin: 30s\nrecoverWithn: 5s",
    /:\d+:1: unknown key "recoverWithn"/,
  ],
  ["a missing unit", "phase: 800ms", "phase: 800", /phase is 800, without a unit \(did you mean 800s\?\)/],
  ["a wrong type", "nodes: 5, warmUp: 1s", "nodes: five, warmUp: 1s", /nodes is "five", must be a whole number/],
  ["an unknown probe", "all-links]", "all-link]", /no probe "all-link" \(did you mean all-links\?\)/],
  ["an unknown check", "- linearizable", "- linearisable", /no check "linearisable" \(did you mean linearizable\?\)/],
  [
    "an unknown measure",
    "failover.time < 5s",
    "failover.tme < 5s",
    /no measure "failover\.tme" \(did you mean failover\.time\?\)/,
  ],
  ["a comparison without a unit", "failover.time < 5s", "failover.time < 5", /"5" does not fit failover\.time/],
  ["a share above one", "uptime.ratio >= 99.5%", "uptime.ratio >= 199.5%", /does not fit uptime\.ratio/],
  ["no comparison", "recovery.time <= 5s\n  - uptime", "recovery is fast\n  - uptime", /is no comparison/],
  ["an unknown fault", "inject: kill, on: lost", "inject: kil, on: lost", /no fault "kil" \(did you mean kill\?\)/],
  [
    "a part that nobody plays",
    "inject: kill, on: lost",
    "inject: kill, on: loost",
    /"loost" is not in the cast \(did you mean lost\?\)/,
  ],
  ["a fault on nobody", "inject: kill, on: lost, for:", "inject: kill, for:", /say whom it hits/],
  [
    "an unknown duration",
    "on: lost, for: $hold }",
    "on: lost, for: $held }",
    /no parameter "held" .*\(did you mean hold\?\)/,
  ],
  ["a heal of what is not in force", "- { heal: apart }", "- { heal: apaart }", /no fault "apaart" is in force here/],
  ["shares that do not add up", "write: 0.35", "write: 0.3", /must add up to 1/],
  [
    "an unknown class",
    "class: leader_election_failure",
    "class: leader_loss",
    /class is "leader_loss", must be one of network_partition/,
  ],
  [
    "a duplicate key",
    "name: leader-loss",
    "name: leader-loss\nname: other",
    /the key "name" stands here a second time/,
  ],
];

test.each(broken)("%s is told with its place.", (_what, from, to, message) => {
  expect(good).toContain(from);
  const refused = (): Scenario => load(good.replace(from, to));
  expect(refused).toThrow(HarnessError);
  expect(refused).toThrow(message);
  expect(refused).toThrow(/scenario\.yaml:\d+:\d+: /);
});

test("Every problem of a file is told at once, each once.", () => {
  const text = good.replace("all-links]", "all-link]").replace("- linearizable", "- linearisable");
  let message = "";
  try {
    load(text);
  } catch (thrown) {
    message = String(thrown);
  }
  expect(message.match(/scenario\.yaml:\d+:\d+/g)).toHaveLength(2);
});

test.each([
  ["an empty file", "", /the file is empty/],
  ["a file of comments", "# nothing\n", /the file is empty/],
  ["binary", Buffer.from([0xff, 0xfe, 0x00, 0x80]), /cannot be read as UTF-8/],
  ["a file over 1 MiB", `# ${"x".repeat(1024 * 1024)}\n${good}`, /at most 1 MiB/],
  ["broken YAML", "name: [", /:\d+:\d+: /],
  ["a list", "- a\n", /the file is a list of 1, must be an object/],
])("%s is refused.", (_what, text, message) => {
  expect(() => load(text)).toThrow(message);
});

test("A timeline that injects nothing is refused: nothing would be tested.", () => {
  const text = good.replace("- { inject: kill, on: lost, for: $hold }", "- { hold: 1s }");
  expect(() => load(text)).toThrow(/no step injects a fault/);
});

test("Wrong parameters of a fault are told with the fault's own words.", () => {
  const words = {
    ...vocabulary,
    faults: { ...vocabulary.faults, isolate: { takes: "nodes", check: () => ["mode is wrong"] } as const },
  };
  expect(() => load(good, words)).toThrow(/isolate: mode is wrong/);
});

test("A file that is not there is told by its path.", () => {
  expect(() => loadScenario(join(folder, "none.yaml"), vocabulary)).toThrow(/none\.yaml: there is no such file/);
});

/** The text of a line, from 1. */
const lineAt = (text: string, line: number | undefined): string => text.split("\n")[(line ?? 0) - 1]?.trim() ?? "";

test("Every variant knows the lines of what it is judged by: its own block's where it has one.", () => {
  const { source, variants } = load(good);
  const sourceOf = (name: string): Scenario["variants"][number]["source"] | undefined =>
    variants.find((variant) => variant.name === name)?.source;
  const [kill, successor] = [sourceOf("kill"), sourceOf("successor")];
  expect(lineAt(good, kill?.line)).toBe("kill:");
  expect(lineAt(good, kill?.lines["failover.time < 5s"])).toBe("- failover.time < 5s");
  expect(lineAt(good, kill?.lines["at-risk"])).toBe("- at-risk");
  expect(lineAt(good, successor?.lines["writes.lost == 0"])).toBe("- writes.lost == 0");
  expect(successor?.lines["recovery.time <= 5s"]).toBeGreaterThan(kill?.lines["recovery.time <= 5s"] ?? Infinity);
  expect(successor?.lines["failover.time < 5s"]).toBeUndefined();
  expect(source.digest).toBe(createHash("sha256").update(good).digest("hex"));
});

test("A check that is not written stands where its variant does, one of the variant's own in the variant; abort conditions in theirs.", () => {
  const without = good.replace(/^checks:\n( {2}- .*\n)+/m, "abort:\n  - nodes.healthy < 2 for 3s\n");
  const text = without.replace("    cast: { lost: leader }\n", "    cast: { lost: leader }\n    checks: [at-risk]\n");
  const [kill, cut] = load(text).variants;
  expect(lineAt(text, kill?.source.lines["at-risk"])).toBe("checks: [at-risk]");
  expect(kill?.source.lines["linearizable"]).toBeUndefined();
  expect(lineAt(text, cut?.source.lines["linearizable"])).toBe("cut:");
  expect(lineAt(text, cut?.source.lines["abort: nodes.healthy < 2 for 3s"])).toBe("- nodes.healthy < 2 for 3s");
});
