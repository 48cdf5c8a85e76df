import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { packageFolder } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { planJobs, scenariosTagged } from "./harness-jobs.ts";
import { planScenarios } from "./harness-plan.ts";
import { askedSeries, type SeriesFlags } from "./harness-series.ts";

const folder = mkdtempSync(join(tmpdir(), "jobs-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv("CHAOS_DURATION", "");
  return () => vi.unstubAllEnvs();
});

const nothing: SeriesFlags = {
  all: false,
  tag: undefined,
  target: undefined,
  profile: undefined,
  variant: undefined,
  seed: "42",
  repeat: undefined,
  repetition: undefined,
  nodes: undefined,
  defect: undefined,
  set: undefined,
  timeout: undefined,
  proxy: undefined,
  allow: undefined,
};
const { signal } = new AbortController();
const catalogue = join(packageFolder(), "src", "scenarios", "catalogue", "leader-loss.yaml");

/** A file of leader-loss with these tags. */
function tagged(name: string, tags: readonly string[]): string {
  const file = join(folder, `${name}.yaml`);
  const text = readFileSync(catalogue, "utf8").replace(/^name: .*$/m, `name: ${name}\ntags: [${tags.join(", ")}]`);
  writeFileSync(file, text);
  return file;
}

test("Of the catalogue every class has its scenarios, in one line; nothing is tagged api, and that stands there.", async () => {
  const { exitCode, text } = await planJobs([], { ...nothing, all: true, apart: "api" }, signal);
  expect(exitCode).toBe(0);
  expect(text).not.toContain("\n");
  expect(JSON.parse(text)).toEqual({
    seed: "42",
    classes: {
      network_partition: "network-partition",
      resource_exhaustion: "resource-exhaustion",
      cascading_failure: "cascading-failure",
      leader_election_failure: "leader-loss",
      data_corruption: "data-corruption",
    },
    apart: { api: "" },
  });
});

test("What is tagged stands apart and not among its class; without --apart it stays there.", async () => {
  const [api, other] = [tagged("asked", ["api", "slow"]), tagged("other", ["slow"])];
  const { json } = await planJobs([api, other], { ...nothing, apart: "api" }, signal);
  expect(json).toMatchObject({ classes: { leader_election_failure: other }, apart: { api } });
  const whole = await planJobs([api, other], { ...nothing, apart: null }, signal);
  expect(whole.json).toMatchObject({ classes: { leader_election_failure: `${api} ${other}` }, apart: {} });
});

test("A name that a shell would take for two words is refused.", async () => {
  const file = tagged("two words", []);
  writeFileSync(file, readFileSync(catalogue, "utf8"));
  await expect(planJobs([file], { ...nothing, apart: null }, signal)).rejects.toThrow(/cannot stand among the words/);
});

test("A tag chooses among what is asked for; tags change nothing of the plan.", async () => {
  const [api, other] = [tagged("asked", ["api"]), tagged("other", ["slow"])];
  const asked = askedSeries([api, other], { ...nothing, tag: ["api"] });
  expect(asked.map(({ request }) => request.scenario.name)).toEqual(["asked"]);
  const digests = async (tags: readonly string[]): Promise<unknown> => {
    const { json } = await planScenarios([tagged("same", tags)], nothing, { columns: 80, signal });
    const { plans } = json as { readonly plans: readonly { readonly plan: { readonly digest: string } }[] };
    return plans.map(({ plan }) => plan.digest);
  };
  expect(await digests(["api"])).toEqual(await digests(["slow"]));
});

test.each([
  ["a tag that none has", ["apy"], /no scenario is tagged "apy" \(did you mean api\?\)/],
  ["one of two that none has", ["api", "slo"], /no scenario is tagged "slo"/],
])("A run of %s is refused: it would show nothing.", (_what, tag, told) => {
  expect(() => askedSeries([tagged("asked", ["api"])], { ...nothing, tag })).toThrow(told);
});

test("`list --tag` says that no scenario has it, and that other kinds have none.", () => {
  expect(() => scenariosTagged("api", "scenarios")).toThrow(/no scenario is tagged "api"; none here has a tag/);
  expect(() => scenariosTagged("api", "faults")).toThrow(HarnessError);
});
