import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completionScripts } from "../../src/core/completion.ts";
import { packageRoot } from "../support/command-line.ts";

/** What is typed, the last word being begun, and what must be offered (and what must not). */
const rows: readonly (readonly [readonly string[], readonly string[], readonly string[]])[] = [
  [["ru"], ["run"], ["plan"]],
  [["new", ""], ["scenario", "target"], ["run"]],
  [["run", "leader"], ["leader-loss"], ["reference"]],
  [["run", "leader-loss", "--var"], ["--variant"], ["--seed"]],
  [["run", "leader-loss", "--profile", ""], ["quick", "full"], ["leader-loss"]],
  [["run", "leader-loss", "--target", "ref"], ["reference"], []],
  [["list", "sc"], ["scenarios"], ["faults"]],
  [["explain", "scenario.steadyState.h"], ["scenario.steadyState.hold"], []],
  [["show", "isol"], ["isolate"], []],
];

const program = `prism-chaos() { '${process.execPath}' '${join(packageRoot, "bin", "run.js")}' "$@"; }`;
const word = (text: string): string => `'${text}'`;

function offered(shell: "bash" | "zsh" | "fish", script: string): readonly string[] {
  const quiet = { bash: "--norc", zsh: "-f", fish: "--no-config" }[shell];
  const { stdout, stderr, status } = spawnSync(shell, [quiet, "-c", script], {
    encoding: "utf8",
    timeout: 20_000,
  });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.trim().split("\n");
}

test.each(rows)("bash completes %j.", (words, expected, not) => {
  const typed = ["prism-chaos", ...words].map(word).join(" ");
  const found = offered(
    "bash",
    `${program}\n${completionScripts.bash}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _prism_chaos; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(found).toEqual(expect.arrayContaining([...expected]));
  for (const other of not) expect(found).not.toContain(other);
});

test.each(rows)("zsh completes %j.", (words, expected) => {
  const typed = ["prism-chaos", ...words].map(word).join(" ");
  // Completion works only at a prompt; here what it hands to the shell is printed.
  const stubs = `compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print files }`;
  const found = offered(
    "zsh",
    `${program}\n${stubs}\n${completionScripts.zsh}\nwords=(${typed}); CURRENT=${words.length + 1}; _prism_chaos`,
  );
  expect(found).toEqual(expect.arrayContaining([...expected]));
});

test.each(rows)("fish completes %j.", (words, expected) => {
  const line = ["prism-chaos", ...words].join(" ");
  const asFish = `function prism-chaos; '${process.execPath}' '${join(packageRoot, "bin", "run.js")}' $argv; end`;
  const found = offered("fish", `${asFish}\n${completionScripts.fish}\ncomplete -C '${line}'`);
  expect(found).toEqual(expect.arrayContaining([...expected]));
});

test("Where a file may stand bash completes files.", () => {
  const found = offered(
    "bash",
    `cd '${packageRoot}'\n${program}\n${completionScripts.bash}\nCOMP_WORDS=(prism-chaos validate packa); COMP_CWORD=2; _prism_chaos; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(found).toContain("package.json");
});
