import { atPointer, isList, type Json } from "../../core/json.ts";
import { scored, type Severity, vulnerabilities } from "./severities.ts";
import { contradictory, empty, type Source } from "./source.ts";

/** SARIF 2.1: results by the `security-severity` of their rule (a CVSS score); suppressed ones, and notes without a score, do not count. */
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
  return listAt(run, "/results").flatMap((result) => {
    const said = scoreOf(result, run);
    const isNote = said === undefined && ["note", "none"].includes(textAt(result, "/level") ?? "warning");
    const isOpen = (textAt(result, "/kind") ?? "fail") !== "pass" && textAt(result, "/baselineState") !== "absent";
    return isOpen && !isNote && !isSuppressed(result) ? [scored(said)] : [];
  });
}

/** SARIF 3.27.23: a suppression that is under review or was rejected suppresses nothing. */
function isSuppressed(result: Json): boolean {
  const suppressions = listAt(result, "/suppressions").map((one) => textAt(one, "/status") ?? "accepted");
  return suppressions.length > 0 && suppressions.every((status) => status === "accepted");
}

/** What the result itself gives as its score, else its rule. */
function scoreOf(result: Json, run: Json): Json | undefined {
  const id = textAt(result, "/ruleId") ?? textAt(result, "/rule/id");
  const rules = [run, ...listAt(run, "/tool/extensions").map((extension) => ({ tool: { driver: extension } }))].flatMap(
    (one) => listAt(one, "/tool/driver/rules"),
  );
  const index = atPointer(result, "/ruleIndex");
  const rule = rules.find((one) => textAt(one, "/id") === id) ?? (typeof index === "number" ? rules[index] : undefined);
  const own = atPointer(result, "/properties/security-severity");
  return own ?? (rule === undefined ? undefined : atPointer(rule, "/properties/security-severity"));
}

function listAt(document: Json, pointer: string): readonly Json[] {
  const value = atPointer(document, pointer);
  return isList(value) ? value : [];
}

function textAt(document: Json, pointer: string): string | null {
  const value = atPointer(document, pointer);
  return typeof value === "string" ? value : null;
}
