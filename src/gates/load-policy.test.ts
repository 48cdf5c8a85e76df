import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { HarnessError } from "../core/harness-error.ts";
import { loadPolicy } from "./load-policy.ts";
import { noFlags, type Policy, policyOf } from "./policy.ts";
import type { PolicyVocabulary } from "./policy-reading.ts";

const folder = mkdtempSync(join(tmpdir(), "policy-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "policy.yaml");

const vocabulary: PolicyVocabulary = {
  measures: {
    "failover.time": "ms",
    "latency.p95": "ms",
    "uptime.ratio": "ratio",
    "writes.lost": "count",
    "throughput.rate": "per-second",
  },
  checks: ["linearizable", "throttles"],
  criteria: ["failover_time", "line_coverage"],
  scenarios: ["leader-loss", "network-partition"],
  variantsOf: (scenario) => (scenario === "leader-loss" ? ["kill", "cut"] : ["minority"]),
  neverWaived: ["writes.lost", "linearizable"],
};

const whole = `name: release
title: What must hold
evidence:
  maxAge: 6h
  expect:
    leader-loss: { repetitions: 2 }
    network-partition: { repetitions: 1, variants: [minority] }
  acknowledgedDuringFaults: 50
  faultInForce: 1s
  load: 95%
limits:
  failover: 3s
  coverage: 97%
  marginalFrom: 90%
criteria:
  throughput:
    title: Enough requests
    require: [throughput.rate >= 100/s, latency.p95 < 2s]
    over: every
  failover-shown:
    require: [failover.time < 5s]
    of: { scenario: leader-loss, variant: kill }
    demonstrated: 95%
  security: { require: [vulnerabilities.critical == 0], from: [audit.json] }
  throttled: { require: [throttles holds] }
noGo:
  data-lost: { when: writes.lost > 0 }
  stale: { when: linearizable fails }
waivers:
  - { waive: failover.time, scenario: leader-loss, reason: a cold start, owner: "@team", issue: "#1", expires: 2026-12-15 }
`;

function load(text: string): Policy {
  writeFileSync(file, text);
  return loadPolicy(file, vocabulary);
}

test("A policy is read: figures, what must be there, what must hold, what blocks, and what may be broken for a while.", () => {
  const { limits, oldestMs, marginalShare, release } = load(whole);
  expect(limits).toEqual({
    coverage_threshold: 97,
    failover_sla_ms: 3000,
    p2p_connection_sla_ms: 3000,
    conflict_resolution_sla_ms: 2000,
  });
  expect([oldestMs, marginalShare, release.name]).toEqual([6 * 3_600_000, 0.9, "release"]);
  expect(release.guards).toEqual({ acknowledgedDuringFaults: 50, faultInForceMs: 1000, loadShare: 0.95 });
  expect(release.expected.map(({ scenario, variant, repetition }) => [scenario, variant, repetition])).toEqual([
    ["leader-loss", "kill", 1],
    ["leader-loss", "kill", 2],
    ["leader-loss", "cut", 1],
    ["leader-loss", "cut", 2],
    ["network-partition", "minority", 1],
  ]);
  expect(release.expected[0]?.place).toBe(`${file}:6:5`);
  const [throughput, shown, security, throttled] = release.criteria;
  expect(throughput?.requires.map(({ text }) => text)).toEqual(["throughput.rate >= 100/s", "latency.p95 < 2s"]);
  expect(shown).toMatchObject({ demonstrated: 0.95, where: { scenario: "leader-loss", variant: "kill", class: null } });
  expect(security?.requires).toMatchObject([{ kind: "limit", isOfFiles: true, expectation: { limit: 0 } }]);
  expect(throttled?.requires).toEqual([{ kind: "check", text: "throttles holds", check: "throttles" }]);
  expect(release.noGo.map(({ requires }) => requires[0]?.text)).toEqual(["writes.lost <= 0", "linearizable holds"]);
  expect(release.waivers).toMatchObject([{ waive: "failover.time", variant: null, place: `${file}:30:5` }]);
});

test("A flag overrides the figure of a policy, and only that one.", () => {
  const { limits } = policyOf({ ...noFlags, "failover-sla": "4s" }, load(whole));
  expect(limits).toMatchObject({ failover_sla_ms: 4000, coverage_threshold: 97 });
});

test.each<readonly [what: string, from: string, to: string, place: string, message: RegExp]>([
  ["an unknown key", "noGo:", "nogo:", "26:1", /unknown key "nogo" \(did you mean noGo\?\)/],
  [
    "an unknown measure",
    "throughput.rate >= 100/s",
    "throughput.rat >= 100/s",
    "18:15",
    /there is no measure "throughput.rat" \(did you mean throughput.rate\?\)/,
  ],
  [
    "a limit of another unit",
    "latency.p95 < 2s",
    "latency.p95 < 2",
    "18:41",
    /"2" does not fit latency.p95 \(did you mean 2s\?\)/,
  ],
  [
    "an unknown check",
    "throttles holds",
    "throtles holds",
    "25:26",
    /there is no check "throtles" \(did you mean throttles\?\)/,
  ],
  ["a check that must not hold", "throttles holds", "throttles fails", "25:26", /write "throttles holds"/],
  ["a trigger that is said to hold", "linearizable fails", "linearizable holds", "28:18", /write "linearizable fails"/],
  [
    "an unknown scenario",
    "scenario: leader-loss, variant",
    "scenario: leader-los, variant",
    "22:21",
    /did you mean leader-loss\?/,
  ],
  [
    "an unknown variant",
    "variant: kill",
    "variant: kil",
    "22:43",
    /leader-loss has no variant "kil" \(did you mean kill\?\)/,
  ],
  [
    "an expected scenario that is not there",
    "    network-partition:",
    "    network-parttion:",
    "7:23",
    /there is no scenario/,
  ],
  [
    "an expected variant that is not there",
    "[minority]",
    "[majority]",
    "7:53",
    /network-partition has no variant "majority"/,
  ],
  ["files that nobody names", ", from: [audit.json]", "", "24:13", /vulnerabilities.critical is told by files/],
  [
    "files of what is told by runs",
    "require: [throttles holds]",
    "require: [throttles holds], from: [a.json]",
    "25:50",
    /files say nothing of runs/,
  ],
  ["what cannot be pooled", "    demonstrated: 95%", "    over: pooled", "23:11", /only latency.p95 can be pooled/],
  ["a share that nothing shows", "demonstrated: 95%", "demonstrated: 100%", "23:19", /above 0% and below 100%/],
  ["a name that is none", "  throttled:", "  failover_time:", "25:3", /lower-case letters, digits and hyphens/],
  ["evidence that is too old", "maxAge: 6h", "maxAge: 25h", "4:11", /stale after 24h at the latest/],
  ["evidence that has no age", "maxAge: 6h", "maxAge: 0s", "4:11", /nothing is that fresh/],
  ["a trigger by equality", "writes.lost > 0", "writes.lost == 0", "27:22", /say what blocks by <, <=, > or >=/],
  ["a waiver of lost data", "waive: failover.time", "waive: writes.lost", "30:14", /never waived/],
  ["a waiver of a check of data", "waive: failover.time", "waive: linearizable", "30:14", /never waived/],
  [
    "a waiver of a trigger",
    "waive: failover.time",
    "waive: data-lost",
    "30:14",
    /a no-go trigger, which is never waived/,
  ],
  ["a waiver of nothing known", "waive: failover.time", "waive: failover.tim", "30:14", /did you mean failover.time\?/],
  ["a waiver until no day", "2026-12-15", "2026-02-30", "30:", /is no day of the calendar/],
  ["a waiver without an owner", ' owner: "@team",', "", "30:5", /missing key "owner"/],
  ["a waiver without an end", ", expires: 2026-12-15", "", "30:5", /missing key "expires"/],
  ["coverage of nothing", "coverage: 97%", "coverage: 0%", "13:13", /above 1% and at most 100%/],
  ["coverage that may be a share", "coverage: 97%", "coverage: 0.97%", "13:13", /above 1% and at most 100%/],
  ["coverage that nothing has", "coverage: 97%", "coverage: 970%", "13:13", /above 1% and at most 100%/],
  ["a load of nothing", "load: 95%", "load: 0%", "10:9", /asks for nothing/],
  ["what nothing breaks", ">= 100/s", ">= 0/s", "18:15", /nothing could ever break "throughput.rate >= 0\/s"/],
  ["a trigger that never fires", "writes.lost > 0", "writes.lost < 0", "27:22", /nothing could ever break/],
  ["more runs than anybody makes", "repetitions: 2 ", "repetitions: 1000000000 ", "6:33", /must be from 1 to 10000/],
  ["a figure that is no time", "failover: 3s", "failover: 3", "12:13", /3/],
])("Refused with its place: %s.", (_what, from, to, place, message) => {
  expect(whole).toContain(from);
  const refused = (): unknown => load(whole.replace(from, to));
  expect(refused).toThrow(HarnessError);
  expect(refused).toThrow(message);
  expect(refused).toThrow(expect.objectContaining({ exit: "unusable", code: "invalid-policy" }));
  expect(refused).toThrow(`${file}:${place}`);
});

test("A file that is not there is a wrong call; one that is empty, torn or no policy decides nothing.", () => {
  expect(() => loadPolicy(join(folder, "polcy.yaml"), vocabulary)).toThrow(expect.objectContaining({ exit: "usage" }));
  for (const text of ["", "criteria: {", "[]", "name: x\ncriteria: { a: {} }", "name: x\ncriteria: {}"]) {
    expect(() => load(text)).toThrow(expect.objectContaining({ exit: "unusable" }));
  }
});
