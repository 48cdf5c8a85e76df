import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import type { BatchResult, Keeper } from "../core/keeper-port.ts";
import type { CallTogether, OperationAnswer } from "../core/operation-answer.ts";
import { aRun } from "../core/testing/a-run.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { target } from "../core/testing/targets.ts";
import { readHistory } from "./history-file.ts";
import { exitCodeOf } from "./series.ts";
import { historyFileName, run } from "./run.ts";

const base = mkdtempSync(join(tmpdir(), "not-carried-out-"));
afterAll(() => rmSync(base, { recursive: true }));
const { signal } = new AbortController();

/** A fault that nothing from outside shows; how many actions it has is what the keeper says. */
const odd: Fault = {
  name: "odd",
  summary: "",
  takes: "nodes",
  schema: {},
  check: () => [],
  capabilities: () => [],
  work: () => ({ actions: [], signs: [] }),
};
const { plan: usual, probes } = evidenced(historyOf([]), {
  steadyState: { probes: ["well"], holdMs: 0, limitMs: 2000 },
});
const [kill] = usual.timeline;
if (kill?.kind !== "inject") throw new Error("the plan injects nothing");
const plan = {
  ...usual,
  recoveryLimitMs: 100,
  timeline: [{ ...kill, id: "f", fault: "odd", forMs: 1 }],
  sizes: { ...usual.sizes, coolDownMs: 0 },
};

interface Carried {
  readonly injected?: Partial<BatchResult>;
  readonly healed?: Partial<BatchResult>;
  /** What is left when the keeper closes. */
  readonly residue?: readonly string[];
}

interface Ran {
  /** What broke the run off, or null. */
  readonly thrown: unknown;
  /** What the keeper was asked, in order. */
  readonly asked: readonly string[];
  readonly events: readonly HistoryEvent[];
  readonly exitCode: number | null;
}

/** Runs that plan on a keeper which carries it out so. */
async function ran({ injected = {}, healed = {}, residue = [] }: Carried): Promise<Ran> {
  const folder = mkdtempSync(join(base, "run-"));
  const asked: string[] = [];
  const batch = (part: Partial<BatchResult>): BatchResult => {
    const nowMs = systemClock.nowMs();
    const stamped = { startedMs: nowMs, finishedMs: nowMs, actions: 2 };
    return { ...stamped, inForce: 0, altered: 0, captured: {}, problems: [], ...part };
  };
  const does = <T>(what: string, result: () => T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(result());
  };
  const keeper: Keeper = {
    open: () => does("open", () => [{ node: "n1", host: "h", ports: { p: 1 } }]),
    inject: (fault) => does(`inject ${fault}`, () => batch({ inForce: 2, ...injected })),
    heal: (fault) => does(`heal ${fault}`, () => batch(healed)),
    close: () => does("close", () => ({ residue })),
    lost: new Promise<never>(() => undefined),
  };
  const idle = (): Promise<void> => Promise.resolve();
  const answer: OperationAnswer = { outcome: "ok", values: { leader: "n1", term: 1 } };
  const callTogether: CallTogether = ({ operations }) =>
    Promise.resolve(new Map(operations.map((name) => [name, answer])));
  const parts = {
    plan,
    target,
    folder,
    runId: "r",
    proxy: { by: "builtin" } as const,
    keeper,
    clock: systemClock,
    connect: () => ({
      callTogether,
      together: (names: readonly string[]) => [names],
      call: () => Promise.resolve(answer),
      close: idle,
    }),
    workload: { name: "none", summary: "", operations: [], run: idle, finalReads: idle },
    uptime: idle,
    side: { editors: idle, blocks: idle, tasks: idle },
    seldomAsked: [],
    onNodeEnd: () => undefined,
    faults: { odd },
    probes,
    onProgress: () => undefined,
  };
  const thrown: unknown = await run(parts, signal).then(
    () => null,
    (error: unknown) => error,
  );
  const history = await readHistory(join(folder, historyFileName));
  const brokenOff = { kind: "broken-off", folder, plan, run: aRun, reproduce: "again" } as const;
  const exitCode = thrown instanceof Error ? exitCodeOf({ ...brokenOff, thrown }) : null;
  return { thrown, asked, events: [...history.events()], exitCode };
}

/** The events of faults, without their times. */
const ofFaults = ({ events }: Ran): readonly string[] =>
  events.map(({ type }) => type).filter((type) => type.startsWith("fault."));

test("A fault that is put in force and taken back does not break a run off.", async () => {
  const whole = await ran({});
  expect(whole.thrown).toBeNull();
  expect(whole.asked).toEqual(["open", "inject f", "heal f", "close"]);
});

test("A driver that fails while a fault is put in force breaks the run off: exit 69, and what was done is healed by the keeper's end.", async () => {
  const half = await ran({ injected: { inForce: 1, problems: ["n2: the proxy gives no answer"] } });
  expect(half.exitCode).toBe(69);
  expect(half.thrown).toMatchObject({
    code: "not-injected",
    message: "f could not be put in force: 1 of 2 actions hold; n2: the proxy gives no answer",
  });
  expect(half.asked).toEqual(["open", "inject f", "close"]);
  expect(ofFaults(half)).toEqual(["fault.resolved", "fault.injected"]);
  expect(half.events.at(-1)).toMatchObject({ type: "fault.injected", inForce: 1, actions: 2 });
});

test("Of many problems three are told, and how many more there are; where no driver said why, that is told.", async () => {
  const problems = ["a", "b", "c", "d", "e"];
  const many = await ran({ injected: { inForce: 0, problems } });
  expect(many.thrown).toMatchObject({ message: expect.stringContaining("0 of 2 actions hold; a; b; c; and 2 more") });
  const silent = await ran({ healed: { inForce: 1 } });
  expect(silent.thrown).toMatchObject({ message: expect.stringContaining("still hold; no driver said why") });
});

test("Where a driver reports no trouble and the fault is not there all the same, the run goes on: that is for its check to say.", async () => {
  const absent = await ran({ injected: { inForce: 0 } });
  expect(absent.thrown).toBeNull();
  expect(ofFaults(absent)).toContain("fault.healed");
});

test("A fault that cannot be taken back breaks the run off: exit 69, with what still holds.", async () => {
  const stuck = await ran({ healed: { inForce: 2, problems: ["n1: gone"] } });
  expect(stuck.exitCode).toBe(69);
  expect(stuck.thrown).toMatchObject({
    code: "not-healed",
    message: "f could not be taken back: 2 of 2 actions still hold; n1: gone",
  });
  expect(stuck.asked).toEqual(["open", "inject f", "heal f", "close"]);
  expect(ofFaults(stuck).at(-1)).toBe("fault.healed");
});

test.each<readonly [string, Carried]>([
  ["could not be put in force", { injected: { inForce: 1, problems: ["x"] } }],
  ["could not be taken back", { healed: { inForce: 1, problems: ["x"] } }],
])("What is left of a fault that %s outranks it: exit 13, with both.", async (why, how) => {
  const left = await ran({ ...how, residue: ["n1: a cut of n2>n1"] });
  expect(left.exitCode).toBe(13);
  expect(left.thrown).toMatchObject({
    code: "residue",
    message: expect.stringContaining("n1: a cut of n2>n1"),
    cause: expect.objectContaining({ message: expect.stringContaining(why) }),
  });
});
