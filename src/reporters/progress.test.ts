import { expect, test } from "vitest";
import type { Progress } from "../core/progress.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { watcher } from "./progress.ts";

const { plan } = evidenced(historyOf([]));
const beat = (atMs: number): Progress => ({
  kind: "pulse",
  atMs,
  leader: "n3",
  term: 4,
  okPerSecond: 812,
  errorsPerSecond: 3,
});
const phase = (atMs: number): Progress => ({ kind: "phase", phase: "faults", atMs, limitMs: 30_000 });

function told(isLive: boolean, steps: readonly Progress[], columns = 80): string {
  let text = "";
  const watch = watcher({ write: (more) => void (text += more), isLive, columns: () => columns });
  for (const step of steps) watch.progress(plan, step);
  watch.end();
  return text;
}

test("Without a terminal there is a line per phase and step, and a heartbeat when nothing was told for ten seconds.", () => {
  const hold: Progress = { kind: "step", step: { kind: "hold", ms: 30_000 }, atMs: 1500 };
  const text = told(false, [phase(1000), beat(1250), hold, beat(5000), beat(11_499), beat(11_500), beat(12_000)]);
  expect(text.split("\n")).toEqual([
    "   1.0 s  s v 1/1  faults",
    "   1.5 s  s v 1/1    hold for 30.00 s",
    "  11.5 s  s v 1/1    still faults 10.5 s of 30.0 s, ok 812/s err 3/s, n3 leads in term 4",
    "",
  ]);
});

test("On a terminal one line is redrawn, and cleared at the end.", () => {
  const text = told(true, [phase(1000), beat(1250), beat(1500)]);
  expect(text).not.toContain("\n");
  const states = text.split("\r\u001b[2K").slice(1);
  expect(states).toEqual([
    "s v 1/1  faults 0.3 s of 30.0 s  ok 812/s err 3/s  n3 leads in term 4",
    "s v 1/1  faults 0.5 s of 30.0 s  ok 812/s err 3/s  n3 leads in term 4",
    "",
  ]);
});

test.each([10, 20, 40, 60, 79])("A redrawn line is never wider than a window of %d columns.", (columns) => {
  const [, line = ""] = told(true, [phase(1000), beat(1250)], columns).split("\r\u001b[2K");
  expect(line.length).toBeGreaterThan(0);
  expect(line.length).toBeLessThan(columns);
});

test("What stays is told on lines of its own, the redrawn line out of the way.", () => {
  let text = "";
  const watch = watcher({ write: (more) => void (text += more), isLive: true, columns: () => 80 });
  watch.progress(plan, phase(0));
  watch.progress(plan, beat(250));
  watch.say("PASS");
  expect(text.endsWith("\r\u001b[2KPASS\n")).toBe(true);
});
