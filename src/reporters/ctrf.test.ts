import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import {
  brokenOffRun,
  goodRun,
  repeated,
  reportedCases,
  slowRun,
  unknownRun,
} from "../../test/support/reported-runs.ts";
import { ctrf } from "./ctrf.ts";
import type { ReportedRun } from "./reported.ts";

// The format's own schema, as its package ships it.
const shipped = join(dirname(createRequire(import.meta.url).resolve("ctrf")), "ctrf-schema-0.0.json");
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(
  JSON.parse(readFileSync(shipped, "utf8")) as object,
);

interface Test {
  readonly name: string;
  readonly status: string;
  readonly rawStatus: string;
  readonly line?: number;
  readonly filePath?: string;
  readonly message?: string;
  readonly retries?: number;
  readonly extra?: { readonly prismChaos: { readonly measurement: { readonly high: number } | null } };
}

interface Document {
  readonly results: {
    readonly summary: Readonly<Record<"tests" | "passed" | "failed" | "other" | "skipped", number>>;
    readonly tests: readonly Test[];
  };
}

function read(runs: readonly ReportedRun[]): Document["results"] {
  return (JSON.parse(ctrf(runs)) as Document).results;
}

test.each(reportedCases)("Of %s it is valid by the format's schema, and adds up.", (_what, runs, failed, other) => {
  validate(JSON.parse(ctrf(runs)));
  expect(validate.errors ?? []).toEqual([]);
  const { summary, tests } = read(runs);
  expect(summary).toMatchObject({ failed, other, skipped: 0, tests: tests.length });
  expect(summary.passed + failed + other).toBe(tests.length);
  for (const status of ["passed", "failed", "other"] as const) {
    expect(tests.filter((one) => one.status === status)).toHaveLength(summary[status]);
  }
  expect(ctrf(runs)).not.toContain("##[");
});

test("The validator refuses what the format does not know.", () => {
  const document = JSON.parse(ctrf([goodRun()])) as Document & { results: { colour?: string } };
  expect(validate({ ...document, results: { ...document.results, colour: "red" } })).toBe(false);
});

test("A broken criterion has its numbers, its line and its words; what was not shown its own word.", () => {
  const run = slowRun();
  const broken = read([run]).tests.find(({ status }) => status === "failed");
  const { source } = run.report.plan;
  expect(broken).toMatchObject({
    name: "failover.time < 5s",
    rawStatus: "fail",
    filePath: source.file,
    line: source.lines["failover.time < 5s"],
    extra: { prismChaos: { measurement: { low: 6200, high: 6214, unit: "ms" }, expectation: { limit: 5000 } } },
  });
  expect(broken?.message).toContain("over the limit by 1.21 s");
  expect(read([unknownRun()]).tests.find(({ status }) => status === "other")).toMatchObject({ rawStatus: "unknown" });
  expect(read([brokenOffRun()]).tests).toMatchObject([{ rawStatus: "broken off", status: "other" }]);
});

test("Repetitions are tests of their own, not retries of one another.", () => {
  const { tests } = read([repeated(slowRun(), 1), repeated(goodRun(), 2)]);
  const own = tests.filter(({ name }) => name.startsWith("failover.time"));
  expect(own.map(({ status }) => status)).toEqual(["failed", "passed"]);
  expect(JSON.stringify(tests)).not.toMatch(/"retr|"flaky/);
});
