import { afterAll, expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

/** A call that is wrong, and what must be said of it. */
const rows: readonly (readonly [string, RegExp])[] = [
  ["runn leader-loss", /there is no command "runn" \(did you mean run\?\)/],
  ["explode", /there is no command "explode".*(did you mean|known: )/],
  ["new scenaro mine", /there is no command "new scenaro" \(did you mean new scenario\?\)/],
  ["run --varient kill leader-loss", /there is no flag --varient \(did you mean --variant\?\)/],
  ["run leader-loss --frobnicate", /there is no flag --frobnicate; known: --all, --allow, --defect/],
  ["run leader-loss --profile quik", /--profile is "quik", must be one of quick, full \(did you mean quick\?\)/],
  ["run leader-loss --profile=ful", /--profile is "ful", must be one of quick, full \(did you mean full\?\)/],
  ["run leader-loss --repeat many", /--repeat.*many/],
  ["run leader-loss --seed", /--seed/],
  ["run leader-los", /there is no scenario "leader-los" \(did you mean leader-loss\?\)/],
  ["run leader-loss --out ", /--out is empty/],
  ["report --format json --output ", /--output is empty/],
  ["serve ", /FOLDER is empty/],
  ["publish --dashboard-url http://127.0.0.1:9 ", /FOLDER is empty/],
  ["run", /say which scenario, or --all; there are cascading-failure, .*leader-loss/],
  ["list scenarioss", /there is no kind "scenarioss" \(did you mean scenarios\?\)/],
  ["list scenarios faults", /"faults" is too much: list takes only KIND/],
  ["version now", /"now" is too much: version takes no argument/],
  ["validate --as scenaro x.yaml", /--as is "scenaro", must be one of .* \(did you mean scenario\?\)/],
];

test.each(rows)("`prism-chaos %s` says what is wrong and what to do next: exit 64.", async (line, message) => {
  const refused = await place.call(...line.split(" "));
  expect(refused.exitCode).toBe(64);
  expect(refused.stdout).toBe("");
  expect(refused.stderr).toMatch(/^Error: .*\n {2}next: \S.*\n {2}exit 64 \([a-z-]+\)\n$/);
  expect(refused.stderr).toMatch(message);
});

test.each(rows)("`prism-chaos %s --json` says so in one JSON document.", async (line, message) => {
  const refused = await place.call(...line.split(" "), "--json");
  expect(refused.exitCode).toBe(64);
  expect(onlyJson(refused)).toMatchObject({ error: { exitCode: 64, message: expect.stringMatching(message) } });
});

test("Help and version are no errors.", async () => {
  for (const args of [["--help"], ["run", "--help"], ["new"], ["--version"]]) {
    expect((await place.call(...args)).exitCode).toBe(0);
  }
});
