import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { faultInForce } from "./fault-in-force.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";
import { everyone } from "../core/testing/selections.ts";

const inForce = faultEvents({ injected: [100, 110] });

test("A fault that was read back and seen by the witness took hold.", () => {
  const verdict = faultInForce.check(evidenced(historyOf([], inForce)));
  expect(verdict).toMatchObject({ status: "pass", evidence: [{ text: expect.stringContaining("n1 unreachable") }] });
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["an empty history", [], "kill was never injected"],
  ["another fault's injection", faultEvents({ fault: "other", injected: [1, 2] }), "kill was never injected"],
  ["no action read back", faultEvents({ injected: [100, 110], inForce: 0 }), "kill: 0 of 1 actions were read back"],
  [
    "a sign that was not seen",
    faultEvents({ injected: [100, 110], unseen: ["n1 unreachable"] }),
    "did not see: n1 unreachable",
  ],
  ["no witness", inForce.slice(0, 1), "no witness looked for it"],
  [
    "a fault without a sign",
    inForce.map((event) => (event.type === "fault.observed" ? { ...event, seen: [] } : event)),
    "no sign",
  ],
  [
    "nothing to do",
    inForce.map((event) => (event.type === "fault.injected" ? { ...event, actions: 0 } : event)),
    "nothing to do",
  ],
  [
    "a problem that is told",
    inForce.map((event) =>
      event.type === "fault.injected" ? { ...event, inForce: 0, problems: ["no such process"] } : event,
    ),
    "(problems: no such process)",
  ],
  [
    "a step that was missed",
    [...inForce, { type: "step.missed", atMs: 200, reason: "no quorum" }],
    "at 200 ms: no quorum",
  ],
])("With %s it is unknown, and says which fault and why.", (_title, events, reason) => {
  const verdict = faultInForce.check(evidenced(historyOf([], events)));
  expect(verdict).toMatchObject({ status: "unknown", reason: expect.stringContaining(reason) });
});

test("A timeline without a fault proves nothing.", () => {
  expect(faultInForce.check(evidenced(historyOf([], inForce), { timeline: [] })).status).toBe("unknown");
});

test("One fault that took hold does not stand for another that did not.", () => {
  const step = {
    kind: "inject",
    fault: "kill",
    params: {},
    on: { kind: "nodes", selections: [everyone] },
    forMs: null,
    isAwaited: true,
  } as const;
  const timeline = [
    { ...step, id: "kill" },
    { ...step, id: "second" },
  ];
  const verdict = faultInForce.check(evidenced(historyOf([], inForce), { timeline }));
  expect(verdict).toMatchObject({ status: "unknown", reason: expect.stringContaining("second was never injected") });
});
