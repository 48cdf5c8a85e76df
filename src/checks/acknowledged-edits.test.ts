import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Json } from "../core/json.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { documentAt, editAt } from "../core/testing/swarm-of.ts";
import { acknowledgedEdits } from "./acknowledged-edits.ts";

type Outcome = "ok" | "fail" | "info";
const tag = (add: string, outcome: Outcome = "ok"): HistoryEvent => editAt(100, { kind: "set", add }, { outcome });
const view = (add: number, outcome: Outcome = "ok"): HistoryEvent => editAt(100, { kind: "counter", add }, { outcome });
const title = (value: string, outcome: Outcome = "ok"): HistoryEvent =>
  editAt(100, { kind: "register", value }, { outcome });
const set = (...values: readonly string[]): Json => ({ set: { values } });
const counter = (value: Json): Json => ({ counter: { value } });
const register = (...values: readonly string[]): Json => ({ register: { values } });

test.each<readonly [string, readonly HistoryEvent[], Json | null, string]>([
  ["A set with all that was added", [tag("a"), tag("b")], set("a", "b"), "pass"],
  ["A set that lost an element", [tag("a"), tag("b")], set("a"), "fail"],
  ["A set without one of which nobody knows", [tag("a"), tag("b", "info")], set("a"), "pass"],
  ["A set that is empty", [tag("a")], set(), "fail"],
  ["A set that is none any more", [tag("a")], { set: "gone" }, "fail"],
  ["A counter that counts all", [view(1), view(2)], counter(3), "pass"],
  ["A counter that is too small", [view(1), view(2)], counter(2), "fail"],
  ["A counter that counts one twice", [view(1), view(1)], counter(3), "fail"],
  ["A counter with one in doubt that was made", [view(1), view(1, "info")], counter(2), "pass"],
  ["A counter with one in doubt that was not made", [view(1), view(1, "info")], counter(1), "pass"],
  ["A counter that counts one which was refused", [view(1), view(1, "fail")], counter(2), "fail"],
  ["A counter that is no number", [view(1)], counter("1"), "fail"],
  ["A register with the last value", [title("a"), title("b")], register("b"), "pass"],
  ["A register with an earlier value", [title("a"), title("b")], register("a"), "pass"],
  ["A register with one in doubt", [title("a"), title("b", "info")], register("b"), "pass"],
  ["A register that nobody wrote", [title("a")], register("z"), "fail"],
  ["A register with a value that was refused", [title("a"), title("b", "fail")], register("b"), "fail"],
  ["A register that holds nothing", [title("a")], register(), "fail"],
  ["A document that nobody read", [title("a")], null, "unknown"],
  ["A document without a field that was edited", [title("a"), tag("t")], register("a"), "fail"],
  ["A document without a counter that was edited", [view(1)], {}, "fail"],
  ["A document that is none", [title("a")], "gone", "unknown"],
  ["A document with edits in doubt alone", [title("a", "info")], register("z"), "unknown"],
])("%s: %s", (_title, edits, fields, status) => {
  const events = fields === null ? edits : [...edits, documentAt(900, fields)];
  expect(acknowledgedEdits.check(evidenced(historyOf([], events))).status).toBe(status);
});

test("A loss in one document is told though nobody read another.", () => {
  const other = editAt(100, { kind: "register", value: "a" }, { document: "other" });
  const history = historyOf([], [tag("t"), other, documentAt(900, set())]);
  expect(acknowledgedEdits.check(evidenced(history)).status).toBe("fail");
});

test("An empty history shows nothing.", () => {
  expect(acknowledgedEdits.check(evidenced(historyOf([])))).toMatchObject({
    status: "unknown",
    reason: "no edit was acknowledged",
  });
});

test("A loss is told with document, field, node and time.", () => {
  const events = [tag("a"), tag("b"), documentAt(900, set("b"))];
  expect(acknowledgedEdits.check(evidenced(historyOf([], events)))).toMatchObject({
    evidence: [{ text: "d/set lost 1 acknowledged additions: a (n1, 100 ms)" }],
  });
});
