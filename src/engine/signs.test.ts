import { expect, test } from "vitest";
import type { Sign } from "../core/fault.ts";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import type { Hook } from "../core/target.ts";
import { target } from "../core/testing/targets.ts";
import { SignWatch, silenceOf, visible } from "./signs.ts";

const inForceMs = 1000;
const offered = ["health", "peers", "held", "metrics"];
const hooks: Readonly<Record<string, Hook>> = {
  hold: {
    apply: "on",
    remove: "off",
    read: "held",
    arguments: [],
    inForce: { value: "held", equals: true },
    shows: null,
  },
};
const sample = (probe: string, node: string, atMs: number, value: Json): Sample => ({
  type: "probe.sampled",
  atMs,
  sentMs: atMs - 2,
  probe,
  node,
  value,
  error: value === null ? "ECONNREFUSED" : null,
  answered: value !== null,
});
const heard = (atMs: number, heardMs: number | null): Sample =>
  sample("peers", "n2", atMs, { peers: ["n1"], heardMs: [heardMs] });

const watchFor = (signs: readonly Sign[]): SignWatch =>
  new SignWatch({ signs, hooks, offered, wallMs: () => 5_000_000, sinceMs: inForceMs, silentAfterMs: () => 300 });

const unreachable: Sign = { sign: "unreachable", node: "n1" };
const unheard: Sign = { sign: "unheard", link: { from: "n1", to: "n2" } };
const held: Sign = { sign: "hook", hook: "hold", node: "n1", arguments: {} };

const cases: readonly (readonly [string, Sign, readonly Sample[], boolean])[] = [
  ["two missing answers", unreachable, [sample("health", "n1", 1100, null), sample("health", "n1", 1200, null)], true],
  [
    "two missing answers to different questions",
    unreachable,
    [sample("leader", "n1", 1100, null), sample("peers", "n1", 1200, null)],
    true,
  ],
  [
    "an answer that says it is not well",
    unreachable,
    [sample("health", "n1", 1100, null), { ...sample("health", "n1", 1200, null), answered: true }],
    false,
  ],
  ["one missing answer", unreachable, [sample("health", "n1", 1100, null)], false],
  [
    "a missing answer and then a good one",
    unreachable,
    [sample("health", "n1", 1100, null), sample("health", "n1", 1200, {})],
    false,
  ],
  [
    "missing answers of another node",
    unreachable,
    [sample("health", "n3", 1100, null), sample("health", "n3", 1200, null)],
    false,
  ],
  [
    "missing answers from before the fault",
    unreachable,
    [sample("health", "n1", 900, null), sample("health", "n1", 950, null)],
    false,
  ],
  ["silence since before the fault", unheard, [heard(1400, 420)], true],
  ["silence that is too short to tell", unheard, [heard(1200, 220)], false],
  ["bytes that still arrive", unheard, [heard(1400, 100)], false],
  ["a gap that began after the fault did", unheard, [heard(2000, 500)], false],
  [
    "silence since a node that was held up when the fault came went on",
    unheard,
    [{ ...heard(1140, 1), sentMs: 940 }, heard(1500, 350)],
    true,
  ],
  [
    "a gap that began after a node that was held up had gone on",
    unheard,
    [{ ...heard(1140, 1), sentMs: 940 }, heard(1600, 400)],
    false,
  ],
  [
    "a gap that began after a node had answered at once, and again later",
    unheard,
    [{ ...heard(1010, 1), sentMs: 1001 }, { ...heard(1140, 1), sentMs: 1011 }, heard(1500, 350)],
    false,
  ],
  ["a link that never carried anything, looked at too early", unheard, [heard(1100, null)], false],
  ["a link that never carried anything", unheard, [heard(1400, null)], true],
  ["no answer of the witness", unheard, [sample("peers", "n2", 1400, null)], false],
  ["a peer that is not connected", unheard, [sample("peers", "n2", 1100, { peers: ["n3"] })], true],
  ["a peer that is connected", unheard, [sample("peers", "n2", 1100, { peers: ["n1", "n3"] })], false],
  ["a list with a peer of unknown name", unheard, [sample("peers", "n2", 1100, { peers: [null] })], false],
  ["a list from before the fault", unheard, [sample("peers", "n2", 900, { peers: [] })], false],
  ["a peer that was given up", unheard, [sample("peers", "n2", 1400, { peers: ["n3"], heardMs: [420] })], true],
  [
    "a peer that was given up before it could be silent",
    unheard,
    [sample("peers", "n2", 1200, { peers: ["n3"], heardMs: [220] })],
    false,
  ],
  ["a hook's own report", held, [sample("held", "n1", 1100, { held: true })], true],
  ["a hook that says no", held, [sample("held", "n1", 1100, { held: false })], false],
  ["nothing at all", unheard, [], false],
];

test.each(cases)("%s is seen for what it is.", (_what, sign, samples, isSeen) => {
  const watch = watchFor([sign]);
  for (const one of samples) watch.feed(one);
  expect(watch.seen().seen.length).toBe(isSeen ? 1 : 0);
  expect(watch.seen().unseen.length).toBe(isSeen ? 0 : 1);
});

test("A sign is gone only when it was looked at and is not there.", () => {
  const watch = watchFor([unheard]);
  expect(watch.allGone()).toBe(false);
  watch.feed(heard(1400, 420));
  expect(watch.allGone()).toBe(false);
  watch.beginHealed(2500);
  expect(watch.seen().seen).toEqual([]);
  watch.feed(heard(2900, 1900));
  expect(watch.allGone()).toBe(false);
  watch.feed(heard(3000, 20));
  expect(watch.allGone()).toBe(true);
});

test("After healing a peer that was replaced meanwhile is not missed.", () => {
  const watch = watchFor([unheard]);
  watch.beginHealed(2500);
  watch.feed(sample("peers", "n2", 2600, { peers: ["n3"], heardMs: [20] }));
  expect(watch.allGone()).toBe(true);
});

test("Only of links that are in use can silence be told.", () => {
  const idle: Sign = { sign: "unheard", link: { from: "n4", to: "n2" } };
  const latest = new Map([["n2", heard(900, 20)]]);
  expect(visible([unreachable, unheard, idle], latest)).toEqual([unreachable, unheard]);
  expect(visible([idle], new Map())).toEqual([idle]);
});

test("What arrives from others can be reported only by a node that knows one of them.", () => {
  const reports = { sign: "reports", node: "n2", text: "refuses", operation: "metrics", force: [] } as const;
  const known = { ...reports, peers: ["n9", "n1"] };
  const unknown = { ...reports, peers: ["n9"] };
  const latest = new Map([["n2", heard(900, 20)]]);
  expect(visible([reports, known, unknown], latest)).toEqual([reports, known]);
  expect(visible([unknown], new Map())).toEqual([unknown]);
});

test("Links of agents are silent later than those between voters.", () => {
  const silence = silenceOf(
    { ...target, links: { port: "peer", silentAfterMs: 300, agents: { peers: 20, silentAfterMs: 2500 } } },
    { voters: ["n1", "n2"] },
  );
  expect([silence({ from: "n1", to: "n2" }), silence({ from: "n1", to: "n3" })]).toEqual([300, 2500]);
});

test("Each sign has the operation sampled by which it is seen.", () => {
  expect(watchFor([unreachable, unheard, held]).operations()).toEqual(["health", "peers", "held"]);
});
