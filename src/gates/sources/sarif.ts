import { atPointer, isList, type Json } from "../../core/json.ts";
import { type Severity, vulnerabilities } from "./severities.ts";
import { contradictory, empty, type Source } from "./source.ts";

/** SARIF 2.1: results by the `security-severity` of their rule (a CVSS score); suppressed ones and notes do not count. */
export const sarif: Source = {
  name: "SARIF",
  read: (content) => {
    if (content.kind !== "json") return null;
    const runs = atPointer(content.value, "/runs");
    if (!isList(runs) || atPointer(content.value, "/version") === undefined) return null;
    if (runs.length === 0) return empty("it holds no run of a tool", "/runs");
    const without = runs.findIndex((run) => !isList(atPointer(run, "/results")));
    if (without >= 0)
      return contradictory("a run has no list of results: it did not come to its end", `/runs/${without}/results`);
    const failed = runs.findIndex((run) =>
      listAt(run, "/invocations").some((one) => atPointer(one, "/executionSuccessful") === false),
    );
    if (failed >= 0) return contradictory("the tool says that it failed", `/runs/${failed}/invocations`);
    return { measurements: vulnerabilities(runs.flatMap(severitiesOf), "SARIF") };
  },
};

function severitiesOf(run: Json): readonly (Severity | null)[] {
  return listAt(run, "/results")
    .filter((result) => listAt(result, "/suppressions").every((one) => atPointer(one, "/status") === "rejected"))
    .filter((result) => !["note", "none"].includes(textAt(result, "/level") ?? "warning"))
    .filter((result) => textAt(result, "/baselineState") !== "absent")
    .map((result) => scored(scoreOf(result, run)));
}

/** The score of the result itself, else of its rule. */
function scoreOf(result: Json, run: Json): number {
  const id = textAt(result, "/ruleId") ?? textAt(result, "/rule/id");
  const rules = [run, ...listAt(run, "/tool/extensions").map((extension) => ({ tool: { driver: extension } }))].flatMap(
    (one) => listAt(one, "/tool/driver/rules"),
  );
  const index = atPointer(result, "/ruleIndex");
  const rule = rules.find((one) => textAt(one, "/id") === id) ?? (typeof index === "number" ? rules[index] : undefined);
  const own = atPointer(result, "/properties/security-severity");
  return Number(
    own ?? (rule === undefined ? undefined : atPointer(rule, "/properties/security-severity")) ?? Number.NaN,
  );
}

/** The severity of a CVSS score, as CVSS names them. */
function scored(score: number): Severity | null {
  if (!(score >= 0 && score <= 10)) return null;
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  return score >= 4 ? "moderate" : "low";
}

function listAt(document: Json, pointer: string): readonly Json[] {
  const value = atPointer(document, pointer);
  return isList(value) ? value : [];
}

function textAt(document: Json, pointer: string): string | null {
  const value = atPointer(document, pointer);
  return typeof value === "string" ? value : null;
}
