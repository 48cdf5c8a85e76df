import { expect, test } from "vitest";
import type { Sign } from "../core/fault.ts";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import type { Hook } from "../core/target.ts";
import { SignWatch } from "./signs.ts";

const inForceMs = 1000;
const hooks: Readonly<Record<string, Hook>> = {
  hold: { apply: "on", remove: "off", read: "held", inForce: { value: "held", equals: true } },
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

const unreachable: Sign = { sign: "unreachable", node: "n1" };
const unheard: Sign = { sign: "unheard", link: { from: "n1", to: "n2" } };
const held: Sign = { sign: "hook", hook: "hold", node: "n1" };

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
  ["a link that never carried anything, looked at too early", unheard, [heard(1100, null)], false],
  ["a link that never carried anything", unheard, [heard(1400, null)], true],
  ["no answer of the witness", unheard, [sample("peers", "n2", 1400, null)], false],
  ["a peer that is not connected", unheard, [sample("peers", "n2", 1100, { peers: ["n3"] })], true],
  ["a peer that is connected", unheard, [sample("peers", "n2", 1100, { peers: ["n1", "n3"] })], false],
  ["a list with a peer of unknown name", unheard, [sample("peers", "n2", 1100, { peers: [null] })], false],
  ["a list from before the fault", unheard, [sample("peers", "n2", 900, { peers: [] })], false],
  [
    "an answer that does not name the peer",
    unheard,
    [sample("peers", "n2", 1400, { peers: ["n3"], heardMs: [420] })],
    false,
  ],
  ["a hook's own report", held, [sample("held", "n1", 1100, { held: true })], true],
  ["a hook that says no", held, [sample("held", "n1", 1100, { held: false })], false],
  ["nothing at all", unheard, [], false],
];

test.each(cases)("%s is seen for what it is.", (_what, sign, samples, isSeen) => {
  const watch = new SignWatch([sign], hooks, inForceMs);
  for (const one of samples) watch.feed(one);
  expect(watch.seen().seen.length).toBe(isSeen ? 1 : 0);
  expect(watch.seen().unseen.length).toBe(isSeen ? 0 : 1);
});

test("A sign is gone only when it was looked at and is not there.", () => {
  const watch = new SignWatch([unheard], hooks, inForceMs);
  expect(watch.allGone()).toBe(false);
  watch.feed(heard(1400, 420));
  expect(watch.allGone()).toBe(false);
  watch.feed(heard(3000, 20));
  expect(watch.allGone()).toBe(true);
});

test("Each sign has the operation sampled by which it is seen.", () => {
  expect(new SignWatch([unreachable, unheard, held], hooks, 0).operations()).toEqual(["health", "peers", "held"]);
});
