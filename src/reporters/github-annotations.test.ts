import { expect, test } from "vitest";
import {
  brokenOffRun,
  goodRun,
  hostile,
  repeated,
  runWith,
  slowRun,
  unknownRun,
} from "../../test/support/reported-runs.ts";
import { type Annotation, annotationText, decisionAnnotations, runAnnotations } from "./github-annotations.ts";

/** What a runner makes of a line: its command, properties and message, undone; null for no command. */
function understood(line: string): Readonly<Record<string, string>> | null {
  const [, command, properties = "", message = ""] = /^\s*::([a-z-]+)(?: ([^]*?))?::([^]*)$/.exec(line) ?? [];
  if (command === undefined) return null;
  const data = (text: string): string => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const pairs = properties.split(",").map((pair): readonly [string, string] => {
    const at = pair.indexOf("=");
    return [
      pair.slice(0, at),
      data(
        pair
          .slice(at + 1)
          .replaceAll("%3A", ":")
          .replaceAll("%2C", ","),
      ),
    ];
  });
  return { command, ...Object.fromEntries(pairs), message: data(message) };
}

const commandsOf = (text: string): readonly (Readonly<Record<string, string>> | null)[] =>
  text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "")
    .map(understood);

test("A criterion that broke is an error on its own line of the scenario, what was not shown a warning, a broken-off run an error.", () => {
  const { source } = slowRun().report.plan;
  const told = runAnnotations([slowRun(), repeated(unknownRun(), 2), brokenOffRun()]);
  expect(told.map(({ level, file, line }) => [level, file, line])).toEqual([
    ["error", source.file, source.lines["failover.time < 5s"]],
    ["error", source.file, source.line],
    ["warning", source.file, source.lines["linearizable"]],
  ]);
  expect(told[0]?.message).toContain("measured 6.20 s to 6.21 s, required < 5.00 s, over the limit by 1.21 s");
  expect(told[0]?.message).toContain("reproduce: prism-chaos run leader-loss");
  expect(runAnnotations([goodRun()])).toEqual([]);
});

test("Repetitions that break the same criterion are one remark that counts them.", () => {
  const told = runAnnotations([1, 2, 3].map((number) => repeated(slowRun(), number)));
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toContain("repetition 1 of 5, and in 2 more");
});

test("A remark is read back by the runner as it was meant, whatever stands in it.", () => {
  const remark: Annotation = {
    level: "error",
    file: "a,b:c%.yaml",
    line: 3,
    title: "x: 100 %, y",
    message: "1 % :: 2, 3%0A",
  };
  expect(commandsOf(annotationText([remark], "all: 1"))).toEqual([
    { command: "error", file: "a,b:c%.yaml", line: "3", title: "x: 100 %, y", message: "1 % :: 2, 3%0A" },
    { command: "error", title: "prism-chaos", message: "all: 1" },
  ]);
  expect(annotationText([], "all is well")).toBe("");
});

test("What a system under test says begins no command and sets no property.", () => {
  const said = runWith([{ check: "linearizable", status: "unknown", reason: hostile, evidence: [{ text: hostile }] }]);
  const issue = {
    kind: "broken",
    criteria: [hostile],
    reason: hostile,
    file: hostile,
    field: "",
    measured: hostile,
  } as const;
  const decision = { blocking_issues: [{ ...issue, required: hostile, command: hostile }] } as unknown as Parameters<
    typeof decisionAnnotations
  >[0];
  const odd: Annotation = { level: "error", file: hostile, line: 1, title: hostile, message: hostile };
  const all = [...runAnnotations([said, brokenOffRun(hostile)]), ...decisionAnnotations(decision), odd];
  const text = annotationText(all, hostile);
  const commands = commandsOf(text);
  expect(commands).toHaveLength(all.length + 1);
  for (const one of commands) {
    expect(one?.["command"]).toMatch(/^(error|warning)$/);
    expect(
      Object.keys(one ?? {}).filter((key) => !["command", "file", "line", "title", "message"].includes(key)),
    ).toEqual([]);
  }
  // eslint-disable-next-line no-control-regex -- Of these only line feeds end a command.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test("At most ten are written, the tenth with the total: the runner drops the rest without a word.", () => {
  const many = Array.from({ length: 66 }, (_, index): Annotation => {
    return { level: index % 2 === 0 ? "error" : "warning", file: "s.yaml", line: index + 1, title: "t", message: "m" };
  });
  for (const count of [9, 10, 66]) {
    const commands = commandsOf(annotationText(many.slice(0, count), "all"));
    expect(commands).toHaveLength(10);
    expect(commands.at(-1)?.["message"]).toBe(
      count === 9 ? "all" : `all ${count - 9} more are not annotated; the summary and the reports have all.`,
    );
  }
});
