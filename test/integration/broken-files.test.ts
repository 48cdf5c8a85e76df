import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { FileProblem } from "../../src/core/harness-error.ts";
import { type FileKind, validateFile } from "../../src/harness-files.ts";
import { onlyJson, packageRoot, Workplace } from "../support/command-line.ts";

const folder = join(packageRoot, "fixtures", "broken");
const kinds: Readonly<Record<string, FileKind>> = { scenarios: "scenario", targets: "target", configs: "config" };

/** Each broken file, the line and column of its one mistake (null where nothing of it can be read), and what must be said of it. */
const rows: readonly (readonly [string, string | null, readonly string[]])[] = [
  ["scenarios/above-maximum.yaml", "20:16", ["read is 1.5, must be from 0 to 1"]],
  ["scenarios/below-minimum.yaml", "6:19", ["nodes is 0, must be at least 1"]],
  ["scenarios/binary.yaml", null, ["it cannot be read as UTF-8 text; is it binary?"]],
  ["scenarios/blocks-rate-zero.yaml", "22:9", ["no block would ever be due; write it as 4/s, or leave `blocks` out"]],
  ["scenarios/blocks-size-without-unit.yaml", "21:17", ["size is 4096, without a unit", "did you mean 4096B?"]],
  ["scenarios/blocks-too-small.yaml", "21:17", ["a block has at least 16 bytes; write it as 4KiB"]],
  ["scenarios/check-unknown.yaml", "21:41", ['there is no check "at-rsk"', "did you mean at-risk?"]],
  [
    "scenarios/comparison-malformed.yaml",
    "31:66",
    ['is is "many", which does not have the form it must have (as ">= 3")'],
  ],
  ["scenarios/constructor-key.yaml", "29:13", ['"constructor" cannot be a key: choose another name']],
  ["scenarios/directive.yaml", "2:1", ['the directive "%YAML 1.1" is not read: leave the line out']],
  ["scenarios/duplicate-key.yaml", "13:1", ['the key "phase" stands here a second time: keep one of the two']],
  ["scenarios/edits-no-documents.yaml", "21:21", ["documents is 0, must be at least 1"]],
  ["scenarios/edits-rate-zero.yaml", "21:16", ["no edit would ever be due; write it as 4/s, or leave `edits` out"]],
  ["scenarios/empty-list.yaml", "21:9", ["checks is empty, must have at least one entry"]],
  ["scenarios/empty-text.yaml", "3:8", ["title is empty, must have at least 1 character"]],
  ["scenarios/empty.yaml", "1:1", ["the file is empty"]],
  [
    "scenarios/expectation-without-unit.yaml",
    "23:5",
    ['"5" does not fit failover.time (did you mean 5s?); write a time with its unit, as 5s or 250ms'],
  ],
  ["scenarios/fault-unknown.yaml", "31:19", ['there is no fault "kil"', "did you mean kill?"]],
  ["scenarios/fraction-for-whole-number.yaml", "17:9", ["keys is 5.5", "did you mean 6?"]],
  [
    "scenarios/huge-number.yaml",
    "17:9",
    ["123456789012345678901234567890 is too large to be kept exactly: at most 9007199254740991, or a text in quotes"],
  ],
  ["scenarios/indented-wrongly.yaml", "10:1", ["the indentation does not fit the lines above"]],
  ["scenarios/infinite.yaml", "17:9", [".inf is no number that can be used: write a finite one, or a text in quotes"]],
  ["scenarios/json-comma-missing.json", "3:3", ["a comma is missing between entries"]],
  ["scenarios/json-unit-missing.json", "25:12", ["phase is 800, without a unit", "did you mean 800s?"]],
  ["scenarios/laughs.yaml", "5:36", ["aliases multiply to more than 10000 values here: write out what is needed"]],
  ["scenarios/left-empty.yaml", "12:1", ["phase is empty, must be a time with its unit: ms, s, m or h"]],
  ["scenarios/list-at-the-top.yaml", "1:1", ["the file is a list of 1, must be an object (keys with values)"]],
  ["scenarios/list-for-object.yaml", "29:11", ["cast is a list of 1, must be an object (keys with values)"]],
  ["scenarios/list-key.yaml", "29:11", ["a key is empty, a list or an object; write a name before the colon"]],
  ["scenarios/measure-unknown.yaml", "23:5", ['there is no measure "failover.tme"', "did you mean failover.time?"]],
  [
    "scenarios/merge-key.yaml",
    "29:5",
    ["merge keys (<<) are not read: write the keys out, or let the whole value be an alias"],
  ],
  ["scenarios/missing-name.yaml", "2:1", ['missing key "name" (as name: leader-loss)']],
  [
    "scenarios/missing-timeline.yaml",
    "27:3",
    ['missing key "timeline" (as timeline: [{ inject: kill, on: leader, for: 3s }])'],
  ],
  ["scenarios/missing-variants.yaml", "2:1", ['missing key "variants" (as variants: { kill: ']],
  ["scenarios/name-of-capitals.yaml", "2:7", ['name is "SmallTest"', "did you mean small-test?"]],
  ["scenarios/nobody-hit.yaml", "31:9", ['say whom it hits, by either "on" or "sides"; "on: everyone" for all']],
  [
    "scenarios/not-a-number.yaml",
    "20:16",
    [".nan is no number that can be used: write a finite one, or a text in quotes"],
  ],
  ["scenarios/nul.yaml", null, ["it cannot be read as UTF-8 text; is it binary? There is a NUL at character 8"]],
  ["scenarios/number-for-text.yaml", "3:8", ["title is 2026", 'did you mean "2026", in quotes?']],
  ["scenarios/number-key.yaml", "29:13", ['the key 1 is no text; put it into quotes: "1"']],
  ["scenarios/object-for-text.yaml", "28:12", ["title is an object with en, must be a text"]],
  ["scenarios/only-comments.yaml", "1:1", ["the file is empty; it holds only comments"]],
  ["scenarios/probe-unknown.yaml", "9:21", ['there is no probe "one-leadr"', "did you mean one-leader?"]],
  ["scenarios/proto-key.yaml", "29:13", ['"__proto__" cannot be a key: choose another name']],
  ["scenarios/quoted-number.yaml", "17:9", ['keys is "5"', "did you mean 5, without quotes?"]],
  ["scenarios/role-unknown.yaml", "29:19", ['"leeder" is not in the cast', "did you mean leader?"]],
  ["scenarios/step-a-text.yaml", "31:9", ['timeline[0] is "kill", must be one of:']],
  ["scenarios/step-misspelt.yaml", "31:11", ['unknown key "injct"', "did you mean inject?"]],
  ["scenarios/step-of-two-kinds.yaml", "31:35", ['unknown key "heal"; known:']],
  [
    "scenarios/step-unknown.yaml",
    "31:9",
    [
      "timeline[0] is an object with explode, which is none of what may stand here: inject a fault, heal a fault, call an operation, let agents join, hold, pause or resume the traffic, await a probe or a value",
    ],
  ],
  ["scenarios/tab-indented.yaml", "10:1", ["a tab stands where spaces must: indent with spaces"]],
  [
    "scenarios/tag-of-code.yaml",
    "3:8",
    ['the tag "!!js/function" is not read: leave it out; texts, numbers and true or false need none'],
  ],
  [
    "scenarios/tag.yaml",
    "3:8",
    ['the tag "!!str" is not read: leave it out; texts, numbers and true or false need none'],
  ],
  ["scenarios/tasks-memory-unit-unknown.yaml", "21:30", ['memory is "8Mib"', "did you mean 8MiB?"]],
  ["scenarios/tasks-on-misspelt.yaml", "21:14", ['"leeder" is not in the cast', "did you mean leader?"]],
  ["scenarios/tasks-on-nobody.yaml", "21:1", ['missing key "on" (as on: lost)']],
  ["scenarios/tasks-rate-zero.yaml", "21:28", ["no task would ever be due; write it as 4/s, or leave `tasks` out"]],
  ["scenarios/terminal-escape.yaml", "31:19", ['there is no fault "\\u001b[2J\\u001b[31mkill"; known:']],
  ["scenarios/text-for-list.yaml", "9:11", ['probes is "healthy"', "did you mean [healthy]?"]],
  ["scenarios/text-for-number.yaml", "15:19", ['clientsPerNode is "two", must be a whole number']],
  [
    "scenarios/text-with-colon.yaml",
    "3:8",
    [
      'a second "key:" on this line, or a line that is indented too far: put a text that has a colon into quotes, and keys below each other',
    ],
  ],
  [
    "scenarios/too-deep.yaml",
    "29:50",
    ["lists and objects lie more than 32 deep in each other here; write it flatter"],
  ],
  [
    "scenarios/two-documents.yaml",
    "12:1",
    ["a second document begins here: put it into a file of its own, or remove the line ---"],
  ],
  [
    "scenarios/two-units.yaml",
    "11:11",
    ['within is "1m20s", must be a time with its unit: ms, s, m or h (as 250ms, 5s, 2m)'],
  ],
  ["scenarios/unclosed-bracket.yaml", "10:3", ["a bracket that was opened above is not closed: add ]"]],
  ["scenarios/unclosed-quote.yaml", "28:12", ['the quote that is opened here is not closed: add "']],
  ["scenarios/unit-in-words.yaml", "11:11", ['within is "20 seconds"', "did you mean 20s?"]],
  ["scenarios/unit-missing-quoted.yaml", "12:8", ['phase is "800", without a unit', "did you mean 800s?"]],
  ["scenarios/unit-missing.yaml", "12:8", ["phase is 800, without a unit", "did you mean 800s?"]],
  [
    "scenarios/unit-unknown.yaml",
    "11:11",
    ['within is "20 days", must be a time with its unit: ms, s, m or h (as 250ms, 5s, 2m)'],
  ],
  ["scenarios/unknown-class.yaml", "4:8", ['class is "leader_election"', "did you mean leader_election_failure?"]],
  ["scenarios/unknown-key-inside.yaml", "10:3", ['unknown key "hodl"', "did you mean hold?"]],
  ["scenarios/unknown-key-nothing-near.yaml", "13:1", ['unknown key "colour"; known:']],
  ["scenarios/unknown-key-other-style.yaml", "8:1", ['unknown key "steady_state"', "did you mean steadyState?"]],
  ["scenarios/unknown-key.yaml", "8:1", ['unknown key "steadySt"', "did you mean steadyState?"]],
  ["scenarios/utf-16.yaml", null, ["it cannot be read as UTF-8 text; it is UTF-16: save it as UTF-8"]],
  [
    "scenarios/variant-no-name.yaml",
    "27:3",
    ['the key "Kill It" is no name: lower-case letters, digits and hyphens, a letter first', "did you mean kill-it?"],
  ],
  ["scenarios/workload-word.yaml", "31:21", ['workload is "paused"', "did you mean pause?"]],
  [
    "targets/alias-cyclic.yaml",
    "28:9",
    ["*definite stands within what it stands for, without end: write the value out"],
  ],
  ["targets/alias-unknown.yaml", "34:15", ["there is no anchor &definit before this", "did you mean *definite?"]],
  ["targets/argument-a-number.yaml", "12:9", ["arguments[0] is 5, must be a text or an argument that lists nodes"]],
  ["targets/argument-each-misspelt.yaml", "13:17", ['each is "pear"', "did you mean peer?"]],
  ["targets/argument-join-missing.yaml", "13:9", ['missing key "join"']],
  ["targets/hook-not-an-object.yaml", "36:9", ['hold is "write", must be an object (keys with values)']],
  ["targets/hook-operation-inherited.yaml", "37:12", ['there is no operation "valueOf"']],
  ["targets/hook-operation-unknown.yaml", "37:12", ['there is no operation "wrte" (did you mean write?)']],
  ["targets/method-lower-case.yaml", "19:13", ['method is "get"', "did you mean GET?"]],
  ["targets/missing-nodes.yaml", "2:1", ['missing key "nodes"']],
  ["targets/path-without-slash.yaml", "20:11", ['path is "health"', "did you mean /health?"]],
  ["targets/pointer-without-slash.yaml", "21:23", ['status is "status", which does not have the form it must have']],
  ["targets/port-unknown.yaml", "15:16", ['there is no port "per" (did you mean peer?)']],
  ["targets/ports-empty.yaml", "8:10", ["ports is empty, must have at least one entry"]],
  ["targets/prefix-with-digit.yaml", "5:11", ['prefix is "n1", which does not have the form it must have (as n)']],
  ["targets/ready-without-unit.yaml", "14:16", ["readyWithin is 20, without a unit", "did you mean 20s?"]],
  ["targets/says-name-of-capitals.yaml", "36:7", ['unknown key "Throttled"', "did you mean throttled?"]],
  ["targets/says-pattern-malformed.yaml", "36:54", ["it is no regular expression: "]],
  ["targets/says-status-a-number.yaml", "36:30", ["statuses is 429, must be a list", "did you mean [429]?"]],
  ["targets/says-word-unknown.yaml", "36:7", ['unknown key "throtled"', "did you mean throttled?"]],
  [
    "targets/service-dependent-twice.yaml",
    "36:26",
    ["dependents is a list of 2, and an entry stands there twice: keep one"],
  ],
  ["targets/service-dependent-unknown.yaml", "36:41", ['dependents[1] is "consensu"', "did you mean consensus?"]],
  ["targets/service-unknown.yaml", "36:3", ['unknown key "storrage"', "did you mean storage?"]],
  ["targets/status-a-number.yaml", "28:21", ["statuses is 400", "did you mean [400]?"]],
  ["targets/status-out-of-range.yaml", "28:27", ["statuses[1] is 4090, must be from 100 to 599"]],
  ["targets/unknown-key.yaml", "18:5", ['unknown key "prot"', "did you mean port?"]],
  ["configs/profile-unknown.yaml", "3:10", ['profile is "quik"', "did you mean quick?"]],
  ["configs/repeat-zero.yaml", "4:9", ["repeat is 0, must be at least 1"]],
  ["configs/scenarios-a-text.yaml", "7:12", ['scenarios is "chaos/scenarios"', "did you mean [chaos/scenarios]?"]],
  ["configs/set-a-list.yaml", "6:6", ["set is a list of 2, must be an object (keys with values) (as { hold: 30s })"]],
  ["configs/set-a-value-of-many.yaml", "6:14", ["hold is a list of 2, must be a text or a number or true or false"]],
  ["configs/target-a-number.yaml", "2:9", ["target is 7", 'did you mean "7", in quotes?']],
  ["configs/timeout-without-unit.yaml", "5:10", ["timeout is 600, without a unit", "did you mean 600s?"]],
  ["configs/unknown-key.yaml", "4:1", ['unknown key "repeats"', "did you mean repeat?"]],
];

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

test("Every broken file is in the table, and there are more than sixty.", () => {
  const files = Object.keys(kinds).flatMap((kind) => readdirSync(join(folder, kind)).map((file) => `${kind}/${file}`));
  expect(rows.map(([file]) => file).sort()).toEqual(files.sort());
  expect(rows.length).toBeGreaterThan(60);
});

describe.each(rows)("%s", (name, at, words) => {
  const kind = kinds[name.split("/")[0] ?? ""] ?? null;
  const file = join(folder, name);

  test("is refused for its one mistake, at its place, with the fix.", () => {
    const { problems, message } = validateFile(file, kind);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem?.line === null ? null : `${problem?.line}:${problem?.column}`).toBe(at);
    for (const word of words) expect(problem?.message).toContain(word);
    const shown = at === null ? /: it cannot be read/ : new RegExp(`:${at}: .*\\n +\\d+ \\|.*\\n +\\| *\\^+$`);
    expect(message).toMatch(shown);
  });

  test("puts nothing on a terminal that a terminal acts on, and no trace of ours.", () => {
    const { message } = validateFile(file, kind);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(message).not.toMatch(/\n\s+at /);
  });
});

test("The command line refuses them all in one call: exit 64, no trace, in words and as one JSON document.", async () => {
  const files = rows.filter(([file]) => file.startsWith("scenarios/")).map(([file]) => join(folder, file));
  const told = await place.call("validate", "--as", "scenario", ...files);
  expect(told.exitCode).toBe(64);
  expect(told.stdout).toContain(`${files.length} files, ${files.length} not valid`);
  expect(told.stdout + told.stderr).not.toMatch(/\n\s+at |node_modules|TypeError/);
  const json = await place.call("validate", "--as", "scenario", ...files, "--json");
  expect(json.exitCode).toBe(64);
  const { valid, files: each } = onlyJson(json) as { valid: boolean; files: { problems: FileProblem[] }[] };
  expect(valid).toBe(false);
  expect(each.every(({ problems }) => problems.length === 1)).toBe(true);
});

test("`run` and `plan` refuse a broken file with exit 64 and all problems, also as JSON, and start nothing.", async () => {
  const file = join(folder, "scenarios", "unit-missing.yaml");
  const told = await place.call("plan", file);
  expect(told.exitCode).toBe(64);
  expect(told.stderr).toMatch(/12:8: phase is 800, without a unit .*\n +12 \| phase: 800\n +\| +\^\^\^\n +next: /);
  const json = await place.startRun(file).ended;
  expect(onlyJson(json)).toMatchObject({
    error: { exitCode: 64, problems: [{ file, line: 12, column: 8, pointer: "/phase" }] },
  });
  expect(place.runs()).toEqual([]);
});

test("A file that is not there is told with the nearest name of its folder.", () => {
  const { problems } = validateFile(join(folder, "scenarios", "unknown-clas.yaml"), "scenario");
  expect(problems[0]?.message).toBe("there is no such file (did you mean unknown-class.yaml?)");
  expect(validateFile(join(folder, "scenarios"), "scenario").problems[0]?.message).toMatch(/a folder, not a file/);
});
