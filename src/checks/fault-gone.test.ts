import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { faultGone } from "./fault-gone.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";

const times = { injected: [100, 110], healed: [200, 210] } as const;
const gone = faultEvents(times);

test("A fault that is taken back, and whose signs are gone, is gone.", () => {
  const verdict = faultGone.check(evidenced(historyOf([], gone)));
  expect(verdict).toMatchObject({ status: "pass", evidence: [{ atMs: [210] }] });
});

test("Signs that stay although all is taken back are the system's failure.", () => {
  const verdict = faultGone.check(evidenced(historyOf([], faultEvents({ ...times, remaining: ["n1 unreachable"] }))));
  expect(verdict).toMatchObject({ status: "fail", evidence: [{ text: expect.stringContaining("n1 unreachable") }] });
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["an empty history", [], "no fault was injected"],
  ["a fault that was never healed", gone.slice(0, 2), "kill was never healed"],
  ["residue", faultEvents({ ...times, residue: 1 }), "1 of 1 actions still in force"],
  [
    "residue and the signs that go with it",
    faultEvents({ ...times, residue: 1, remaining: ["n1 unreachable"] }),
    "1 of 1",
  ],
  ["no look after healing", gone.slice(0, 3), "nobody looked"],
  [
    "one gone and another not healed",
    [...gone, ...faultEvents({ fault: "cut", injected: [120, 130] })],
    "cut was never healed",
  ],
])("With %s it is unknown: that is the harness's own.", (_title, events, reason) => {
  const verdict = faultGone.check(evidenced(historyOf([], events)));
  expect(verdict).toMatchObject({ status: "unknown", reason: expect.stringContaining(reason) });
});

test("A failure to come back from one fault is told though nobody looked at another.", () => {
  const other = faultEvents({ fault: "cut", injected: [120, 130], healed: [140, 150] }).slice(0, 3);
  const events = [...faultEvents({ ...times, remaining: ["n1 unreachable"] }), ...other];
  expect(faultGone.check(evidenced(historyOf([], events))).status).toBe("fail");
});
