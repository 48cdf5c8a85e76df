import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Decision } from "../../src/core/decision.ts";
import { manifestOf } from "../../src/core/manifest.ts";
import { keyIdOf, type SealKey } from "../../src/core/seal.ts";
import { selfTest } from "../../src/gates/self-test/self-test.ts";
import { manifestMutants } from "../../src/gates/self-test/manifest-mutants.ts";
import type { Subject } from "../../src/gates/self-test/mutant.ts";
import { contractAlone, noFlags } from "../../src/gates/policy.ts";
import { listedIn, store } from "../../src/harness-evidence.ts";
import type { GateFlags } from "../../src/harness-gate.ts";
import { sealFolder } from "../../src/harness-seal.ts";
import { decidedOver, selfTestGate, sampleSubject, subjectOf } from "../../src/harness-selftest.ts";
import { ReportFolder } from "../support/report-folder.ts";
import { runBeside } from "../support/run-beside.ts";

const empty = mkdtempSync(join(tmpdir(), "self-test-"));
afterAll(() => rmSync(empty, { recursive: true }));
const flags: GateFlags = {
  ...noFlags,
  coverage: join(empty, "coverage.json"),
  policy: undefined,
  plan: undefined,
  decision: undefined,
  columns: 100,
};

test("Every mutant of the sample is blocked for what is wrong with it: more than a hundred kinds, told by kind.", async () => {
  const { exitCode, text, json } = await selfTestGate(empty, flags);
  const { kinds, survivors } = json as {
    kinds: { kind: string; mutants: number; blocked: number }[];
    survivors: object[];
  };
  expect(survivors).toEqual([]);
  expect(exitCode).toBe(0);
  expect(kinds.length).toBeGreaterThanOrEqual(100);
  expect(kinds.filter(({ mutants, blocked }) => mutants === 0 || blocked !== mutants)).toEqual([]);
  const mutants = kinds.reduce((sum, one) => sum + one.mutants, 0);
  expect(text.split("\n").at(-1)).toBe(`${mutants} of ${mutants} mutants of ${kinds.length} kinds were blocked`);
  for (const { kind } of kinds) expect(text).toContain(kind);
}, 300_000);

const decision = (part: Partial<Decision>): Decision => ({
  version: 1,
  recommendation: "GO",
  exit_code: 0,
  decided_at: "",
  go_criteria_met: 0,
  go_criteria_total: 0,
  readiness_percentage: 0,
  limits: { coverage_threshold: 95, failover_sla_ms: 1, p2p_connection_sla_ms: 1, conflict_resolution_sla_ms: 1 },
  policy: null,
  criteria: [],
  no_go_triggers: [],
  blocking_issues: [],
  waived_issues: [],
  warnings: [],
  files: [],
  ...part,
});

test("A gate that lets everything pass, one that blocks for another reason, and one that never says GO, do not pass their self-test.", async () => {
  const subject = await sampleSubject();
  const lenient = selfTest(subject, () => decision({}));
  expect(lenient.isBaseGo).toBe(true);
  expect(lenient.kinds.every(({ blocked }) => blocked === 0)).toBe(true);
  const vague = selfTest(subject, (one) =>
    one === subject ? decision({}) : decision({ recommendation: "NO_GO", exit_code: 12 }),
  );
  expect(vague.survivors.length).toBe(vague.kinds.reduce((sum, { mutants }) => sum + mutants, 0));
  expect(selfTest(subject, () => decision({ recommendation: "NO_GO", exit_code: 12 }))).toEqual({
    isBaseGo: false,
    kinds: [],
    survivors: [],
  });
});

/** A good folder with the folder of one of its runs and manifests of both, sealed where there is a key. */
async function withManifests(secret: Buffer | null): Promise<Subject> {
  const root = mkdtempSync(join(empty, "listed-"));
  const folder = new ReportFolder();
  folder.save(root);
  const reports = join(root, "reports");
  const [report] = folder.good("leader_election_failure").series[0]?.reports ?? [];
  if (report === undefined) throw new Error("the fixture has no report");
  runBeside(reports, report);
  store(reports, manifestOf({ kind: "reports" }, "0.1.0", listedIn(reports)), null);
  const sealKey: SealKey | null = secret === null ? null : { algorithm: "HMAC-SHA256", keyId: keyIdOf(secret), secret };
  if (secret !== null) {
    const keyFile = join(root, "seal.key");
    writeFileSync(keyFile, secret, { mode: 0o600 });
    const { exitCode, text } = sealFolder(reports, { keyFile, tell: () => undefined });
    if (exitCode !== 0) throw new Error(text);
  }
  const policy = { ...contractAlone, release: { ...contractAlone.release, isSealRequired: secret !== null } };
  const place = { folder: reports, coverage: join(root, "coverage", "coverage.json"), plan: null, sealKey };
  return subjectOf(place, policy, new Date(folder.finishedMs + 3_600_000).toISOString());
}

const ofManifests = ["run: a file was altered", "run: a file cannot be read", "run: a file is missing"]
  .concat(["run: a file was added", "run: it is missing", "run: it is torn", "run: it is of another run"])
  .concat(["reports: it is torn", "reports: a file that it lists is not here"])
  .concat(["reports: a file is not the one that it lists", "reports: a run's manifest is not the one that it lists"]);
const ofSeals = ["run", "reports"]
  .flatMap((of) => ["absent", "of another key", "of another content"].map((what) => `${of}: its seal is ${what}`))
  .concat("reports: a file is under no seal");

test.each([
  ["without a seal", null, ofManifests],
  ["sealed", createHash("sha256").update("ours").digest(), [...ofManifests, ...ofSeals]],
])(
  "Evidence with manifests, %s: what they and their seals tell of is blocked as well, and by nothing else.",
  async (_what, secret, expected) => {
    const subject = await withManifests(secret);
    const { isBaseGo, kinds, survivors } = selfTest(subject, decidedOver);
    expect([isBaseGo, survivors]).toEqual([true, []]);
    const told = kinds.map(({ kind }) => kind).filter((kind) => kind.startsWith("manifest"));
    const named = expected.map((one) => `manifest of ${one.replace(/^run/, "a run")}`);
    expect(told.toSorted()).toEqual([...named, "manifest: no key was given where seals are required"].toSorted());
    // A gate that looks at no manifest lets all of these through.
    const seen = manifestMutants(subject).map(
      ({ subject: one }) => decidedOver({ ...one, manifests: null }).recommendation,
    );
    expect(new Set(seen)).toEqual(new Set(["GO"]));
  },
  300_000,
);
