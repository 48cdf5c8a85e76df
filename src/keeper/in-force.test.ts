import { expect, test } from "vitest";
import { action } from "../core/action.ts";
import { faultsLeft } from "./in-force.ts";
import type { JournalEntry } from "./journal.ts";

const kill = (fault: string, node: string): Extract<JournalEntry, { entry: "injecting" }>["action"] =>
  action({ fault, capability: "process.kill", subject: { kind: "node", node }, params: {}, undo: "restore" });
const keeper = { pid: 1, startTime: 1 };
const opened: JournalEntry = { entry: "opened", atMs: 1000, run: "r", keeper, foreignProxy: null };
const injecting = (fault: string, node: string, atMs: number): JournalEntry => ({
  entry: "injecting",
  atMs,
  action: kill(fault, node),
  captured: {},
});

test("What is in force is told by fault, with how much of it and since when; what was healed is not.", () => {
  const entries: readonly JournalEntry[] = [
    opened,
    injecting("first", "n1", 3000),
    injecting("first", "n2", 3000),
    injecting("second", "n3", 4500),
    { entry: "healed", atMs: 5000, action: "first/process.kill/n1" },
  ];
  expect(faultsLeft(entries, "2026-01-01T00:00:00.000Z")).toEqual([
    { fault: "first", actions: 1, since: "2026-01-01T00:00:02.000Z" },
    { fault: "second", actions: 1, since: "2026-01-01T00:00:03.500Z" },
  ]);
});

test("Of a run of which nobody knows when it began, it is told without a time; of an empty journal nothing is.", () => {
  expect(faultsLeft([injecting("first", "n1", 3000)], "")).toEqual([{ fault: "first", actions: 1, since: "" }]);
  expect(faultsLeft([], "2026-01-01T00:00:00.000Z")).toEqual([]);
});
