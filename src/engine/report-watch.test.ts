import { expect, test } from "vitest";
import type { Reported, ReportSign, Sign } from "../core/fault.ts";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import { historyOf } from "../core/testing/history-of.ts";
import { SignWatch } from "./signs.ts";

const sample = (atMs: number, value: Json, probe = "metrics"): Sample => ({
  type: "probe.sampled",
  atMs,
  sentMs: atMs - 2,
  probe,
  node: "n1",
  value,
  error: value === null ? "no answer" : null,
  answered: value !== null,
});
const offered = ["metrics", "health", "peers"];
const watchFor = (sign: Sign, wallMs = 1_000_000): SignWatch =>
  new SignWatch({ signs: [sign], hooks: {}, offered, wallMs: () => wallMs, sinceMs: 1000, silentAfterMs: () => 300 });
const reports = (force: readonly Reported[], gone?: readonly Reported[]): ReportSign => ({
  sign: "reports",
  node: "n1",
  text: "says so",
  operation: "metrics",
  force,
  ...(gone === undefined ? {} : { gone }),
});
const atMost = (value: string, limit: number): Reported => ({ value, comparator: "<=", limit });
const atLeast = (value: string, limit: number): Reported => ({ value, comparator: ">=", limit });
const link = { from: "n2", to: "n1" };

test.each<readonly [string, Sign, Sample, boolean]>([
  ["a limit that is told", reports([atMost("limit", 10)]), sample(1100, { limit: 9 }), true],
  ["a limit that is higher", reports([atMost("limit", 10)]), sample(1100, { limit: 11 }), false],
  ["no limit", reports([atMost("limit", 10)]), sample(1100, { limit: null }), false],
  ["an answer without the value", reports([atMost("limit", 10)]), sample(1100, { other: 1 }), false],
  ["a list, by its length", reports([atLeast("found", 2)]), sample(1100, { found: ["a", "b"] }), true],
  ["a text that is equal", reports([{ value: "state", equals: "failed" }]), sample(1100, { state: "failed" }), true],
  ["another text", reports([{ value: "state", equals: "failed" }]), sample(1100, { state: "healthy" }), false],
  [
    "any of several",
    reports([atMost("limit", 1), atLeast("pause", 40)]),
    sample(1100, { limit: null, pause: 50 }),
    true,
  ],
  ["an answer to something else", reports([atLeast("found", 0)]), sample(1100, { found: 1 }, "health"), false],
  ["an answer from before the fault", reports([atLeast("found", 0)]), sample(900, { found: 1 }), false],
  [
    "a long round trip",
    { sign: "slow", link, atLeastMs: 90 },
    sample(1100, { peers: ["n2"], rttMs: [95] }, "peers"),
    true,
  ],
  [
    "a short round trip",
    { sign: "slow", link, atLeastMs: 90 },
    sample(1100, { peers: ["n2"], rttMs: [2] }, "peers"),
    false,
  ],
  [
    "a round trip that nobody knows",
    { sign: "slow", link, atLeastMs: 90 },
    sample(1100, { peers: ["n2"], rttMs: [null] }, "peers"),
    false,
  ],
  [
    "a node that began after the fault",
    { sign: "restarted", node: "n1" },
    sample(1500, { uptimeMs: 200 }, "health"),
    true,
  ],
  ["a node that began before it", { sign: "restarted", node: "n1" }, sample(1500, { uptimeMs: 600 }, "health"), false],
  [
    "a clock that is off by half",
    { sign: "skewed", node: "n1", offsetMs: 600 },
    sample(1100, { timeMs: 1_000_300 }),
    true,
  ],
  [
    "a clock that is nearly right",
    { sign: "skewed", node: "n1", offsetMs: 600 },
    sample(1100, { timeMs: 1_000_200 }),
    false,
  ],
  [
    "a clock off the other way",
    { sign: "skewed", node: "n1", offsetMs: -600 },
    sample(1100, { timeMs: 1_000_600 }),
    false,
  ],
])("%s is seen for what it is.", (_what, sign, one, isSeen) => {
  const watch = watchFor(sign);
  watch.feed(one);
  expect(watch.allSeen()).toBe(isSeen);
});

test("A target without the operation offers nothing to look at: the sign stays unseen, and none is asked for.", () => {
  const sign = reports([atLeast("found", 1)]);
  const watch = new SignWatch({
    signs: [sign],
    hooks: {},
    offered: ["health"],
    wallMs: () => 0,
    sinceMs: 0,
    silentAfterMs: () => 0,
  });
  expect(watch.operations()).toEqual([]);
  expect([watch.allSeen(), watch.allGone()]).toEqual([false, false]);
});

test("What showed a fault first must be over after it; what else holds then does not keep it.", () => {
  const watch = watchFor(reports([atMost("limit", 1), atLeast("pause", 40)]));
  watch.feed(sample(1100, { limit: null, pause: 60 }));
  watch.feed(sample(1200, { limit: 1, pause: 60 }));
  watch.beginHealed(2000);
  watch.feed(sample(2100, { limit: 1, pause: 0 }));
  expect(watch.allGone()).toBe(false);
  watch.feed(sample(2200, { limit: null, pause: 60 }));
  expect(watch.allGone()).toBe(true);
});

test("Where it is said when a fault is over, that decides; an answer that does not tell decides nothing.", () => {
  const watch = watchFor(reports([atLeast("found", 1)], [{ value: "open", comparator: "==", limit: 0 }]));
  watch.feed(sample(1100, { found: 1, open: 1 }));
  expect(watch.allSeen()).toBe(true);
  watch.beginHealed(2000);
  watch.feed(sample(2100, { found: 1, open: 1 }));
  watch.feed(sample(2150, { found: 1 }));
  expect(watch.allGone()).toBe(false);
  watch.feed(sample(2200, { found: 1, open: 0 }));
  expect(watch.allGone()).toBe(true);
});

test("Of a count that never goes down its growth tells: since the fault while it is in force, then since the answer before.", () => {
  const watch = watchFor(reports([{ ...atLeast("refused", 1), isGrowth: true }]));
  watch.feed(sample(1100, { refused: 7 }));
  expect(watch.allSeen()).toBe(false);
  watch.feed(sample(1200, { refused: 8 }));
  watch.feed(sample(1300, { refused: 8 }));
  expect(watch.allSeen()).toBe(true);
  watch.beginHealed(2000);
  watch.feed(sample(2100, { refused: 8 }));
  watch.feed(sample(2200, { refused: 9 }));
  expect(watch.allGone()).toBe(false);
  watch.feed(sample(2300, { refused: 9 }));
  expect(watch.allGone()).toBe(true);
});

const growth: Reported = { value: "breaches", comparator: ">=", limit: 1, isGrowth: true };
const breaches = (atMs: number, count: Json): Sample => sample(atMs, count === null ? null : { breaches: count });

test.each<readonly [string, readonly Sample[], boolean]>([
  ["found before the node is asked for the first time", [breaches(900, 3), breaches(1100, 4)], true],
  ["found later", [breaches(900, 3), breaches(1100, 3), breaches(1200, 4)], true],
  ["never found", [breaches(900, 3), breaches(1100, 3)], false],
  ["found before the fault", [breaches(800, 3), breaches(900, 4), breaches(1100, 4)], false],
  ["found, after an answer that did not tell", [breaches(800, 3), breaches(900, null), breaches(1100, 4)], true],
  ["there already, where nobody asked before", [breaches(1100, 4)], false],
])("Of a count that grows, what is %s: told by the last answer before the fault.", (_what, samples, isSeen) => {
  const watch = watchFor(reports([growth]));
  const before = samples.filter(({ atMs }) => atMs < 1000);
  watch.countFrom(historyOf([], before), 995);
  for (const one of samples) watch.feed(one);
  expect(watch.allSeen()).toBe(isSeen);
});

test("An answer that came only while the fault was put in force is not from before it.", () => {
  const watch = watchFor(reports([growth]));
  watch.countFrom(historyOf([], [breaches(900, 3), breaches(996, 4)]), 995);
  watch.feed(breaches(1100, 4));
  expect(watch.allSeen()).toBe(true);
});
