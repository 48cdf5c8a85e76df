import { expect, test } from "vitest";
import type { JsonObject } from "../core/json.ts";
import type { Step } from "../core/scenario.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import type { Selection } from "../core/selection.ts";
import * as who from "../core/testing/selections.ts";
import { faults } from "../faults/index.ts";
import { type LinkWork, linkWork } from "./link-work.ts";

const nodes = ["n1", "n2", "n3"];
const links = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })));

/** What steps do to links, where n1 leads. */
function work(...timeline: readonly Step[]): LinkWork {
  const { plan } = evidenced(historyOf([]), { nodes, castingOrder: nodes, links, cast: {}, timeline });
  return linkWork(plan, { faults, files: {} });
}

interface Injected {
  readonly on?: Selection;
  readonly with?: JsonObject;
  readonly forMs?: number | null;
}

function inject(fault: string, { on = who.leader, with: params = {}, forMs = null }: Injected = {}): Step {
  const subjects = { kind: "nodes", selections: [on] } as const;
  return { kind: "inject", id: fault, fault, on: subjects, params, forMs, isAwaited: false };
}
const slow = inject("latency", { on: who.everyone, with: { delay: "20ms" } });

test.each<readonly [string, readonly Step[], readonly string[]]>([
  ["nothing", [], []],
  ["one stall", [inject("stall")], []],
  ["a stall after another was healed", [inject("stall"), { kind: "heal", id: "stall" }, slow], []],
  ["a stall that has a time, and a delay after it", [inject("stall", { forMs: 1000 }), slow], []],
  ["a delay, then a stall", [slow, inject("stall")], ["latency and stall on n1>n2"]],
  ["a stall, then a delay", [inject("stall"), slow], ["stall and latency on n1>n2"]],
  ["two stalls", [inject("stall"), inject("isolate", { with: { mode: "stall" } })], ["stall and isolate on n1>n2"]],
  ["a delay and lost bytes", [slow, inject("isolate", { with: { mode: "blackhole" } })], []],
  ["a stall and closed links", [inject("stall"), inject("isolate", { with: { mode: "refuse" } })], []],
  [
    "a stall and a delay on other links",
    [inject("stall", { with: { direction: "out" } }), inject("latency", { with: { delay: "20ms", direction: "in" } })],
    [],
  ],
  ["a stall and a pause", [inject("stall"), inject("pause", { on: who.everyone })], []],
])("Faults that are on one link with a stall are named: %s.", (_what, timeline, named) => {
  expect(work(...timeline).besideStalls).toEqual(named);
});

test("A delay that goes up and down has jitter; any other has none.", () => {
  expect(work(slow).hasJitter).toBe(false);
  expect(work(inject("latency", { with: { delay: "20ms", jitter: "5ms" } })).hasJitter).toBe(true);
  expect(work(inject("pause")).hasJitter).toBe(false);
});
