import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot, Workplace } from "../support/command-line.ts";
import { everyProcessOf } from "../support/processes.ts";
import { TerminalSession } from "../support/terminal-session.ts";

// Real terminals: tmux must be there (scripts/setup-real.sh); without it these tests fail, they are not skipped.

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

/** A scenario of three nodes, with a fault of this length. */
function scenario(name: string, hold: string): void {
  writeFileSync(
    join(place.folder, `${name}.yaml`),
    `name: ${name}
title: The leader is paused
class: leader_election_failure
profiles: { quick: { nodes: 3, warmUp: 300ms, coolDown: 200ms }, full: { nodes: 3 } }
steadyState: { probes: [healthy, one-leader], hold: 300ms }
phase: 100ms
expect: [writes.lost == 0]
variants: { only: { title: Paused, timeline: [{ inject: pause, on: leader, for: ${hold} }] } }
`,
  );
}
scenario("short", "2s");
scenario("long", "30s");
writeFileSync(
  join(place.folder, "go.sh"),
  `XDG_STATE_HOME='${join(place.folder, "state")}' exec '${process.execPath}' '${join(packageRoot, "bin", "run.js")}' run "$1.yaml" --out '${place.out}'\n`,
);

/** The line that is redrawn, wherever it stands. */
const liveLine =
  /^(short|long) only 1\/1 +(starting|steady-before|warm-up|faults|recovery|cool-down|final-reads|closing)\b.*$/gm;
const escape = "\u001b";
const code = /^code=(\d+)$/m;

const open = (columns: number, environment: Readonly<Record<string, string>> = {}): Promise<TerminalSession> =>
  TerminalSession.open(place.folder, { columns, environment });

test.each([
  [60, /^PASS {2}only {2}writes\.lost\n {6}0, required == 0, n 1$/m, /^variant +criterion/m],
  [200, /^variant +criterion +measured[^]*\nonly +writes\.lost +0 +== 0 +1 +PASS$/m, /required == 0/],
])(
  "In a window of %i columns one line is redrawn while a run goes on, and the end fits.",
  async (columns, is, isNot) => {
    await using session = await open(columns);
    await session.type("sh go.sh short; echo code=$?");
    const seen = new Set<string>();
    const end = await session.until(code, (screen) => {
      const lines = screen.split("\n");
      const live = screen.match(liveLine) ?? [];
      expect(live.length).toBeLessThanOrEqual(1);
      for (const line of live) {
        seen.add(line);
        expect(line.length).toBeLessThan(columns);
        // A line that is too wide would go on in the next one.
        expect(lines[lines.indexOf(line) + 1]).toBe("");
      }
    });
    const told = [...seen].join("\n");
    expect(seen.size).toBeGreaterThan(5);
    for (const phase of ["starting", "warm-up", "faults"]) expect(told).toContain(phase);
    // What does not fit a narrow window is left out.
    expect(/n\d leads in term \d+ {2}inject pause on leader for 2\.00 s/.test(told)).toBe(columns === 200);
    expect(end).not.toMatch(liveLine);
    expect(end).toMatch(/^PASS {2}short · only · 1 of 1/m);
    expect(end).toMatch(is);
    expect(end).not.toMatch(isNot);
    expect(code.exec(end)?.[1]).toBe("0");
    // The word says it; the colour only repeats it.
    expect(await session.coloured()).toContain(`${escape}[32mPASS${escape}[39m`);
  },
);

test("With NO_COLOR=1 nothing on the screen is coloured, and the words are there all the same.", async () => {
  await using session = await open(100, { NO_COLOR: "1" });
  await session.type("sh go.sh short; echo code=$?");
  await session.until(code);
  const coloured = await session.coloured();
  expect(coloured).toMatch(/^PASS {2}short · only/m);
  expect(coloured).not.toContain(escape);
});

test("Ctrl-C during a fault heals, says so on a line of its own, and ends with 130.", async () => {
  await using session = await open(120);
  await session.type("sh go.sh long; echo code=$?");
  await session.until(/faults [1-9]\d*\.\d s .*inject pause on leader/);
  await session.press("C-c");
  const end = await session.until(code);
  expect(code.exec(end)?.[1]).toBe("130");
  expect(end).toMatch(/^(\^C)?SIGINT: stopping and healing what is in force\.$/m);
  expect(end).toMatch(/^BROKEN OFF {2}long · only · 1 of 1: interrupted/m);
  expect(end).toMatch(/^exit 130 \(interrupted\)$/m);
  expect(end).not.toMatch(liveLine);
  const folder = place.runs().at(-1);
  const entries = folder?.journal().map(({ entry }) => entry) ?? [];
  expect(entries.slice(entries.indexOf("injecting")).join(" ")).toBe("injecting injected healing healed disposed");
  expect(everyProcessOf(folder?.run ?? "")).toEqual([]);
});

test("In a pipe there is a line for each phase and step, and nothing is redrawn or coloured.", async () => {
  await using session = await open(110);
  await session.type("sh go.sh short 2>&1 | cat > piped.txt; echo code=$?");
  await session.until(code);
  const piped = readFileSync(join(place.folder, "piped.txt"), "utf8");
  for (const phase of ["starting", "steady-before", "warm-up", "faults", "recovery", "cool-down", "final-reads"]) {
    expect(piped).toMatch(new RegExp(`^ +\\d+\\.\\d s {2}short only 1/1 {2}${phase}$`, "m"));
  }
  expect(piped).toMatch(/^ +\d+\.\d s {2}short only 1\/1 {4}inject pause on leader for 2\.00 s$/m);
  expect(piped).toMatch(/^variant +criterion/m);
  expect(piped).toMatch(/^exit 0 \(pass\)$/m);
  expect(piped).not.toContain("\r");
  expect(piped).not.toContain(escape);
});
