import { expect, onTestFinished, test, vi } from "vitest";
import { randomStream } from "../core/random.ts";
import { Events } from "./events.ts";
import { Ledger } from "./ledger.ts";
import { unbounded } from "./toxic.ts";
import { ToxicList } from "./toxic-list.ts";
import { noop } from "./toxics/noop.ts";

test("A toxic that is removed before its time does not end a second time.", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const events = new Events();
  const told: string[] = [];
  events.listen(({ what }) => void told.push(what.event));
  const instruments = {
    clock: { nowMs: () => performance.now() },
    random: (label: string) => randomStream("test", label),
    events,
    ledger: new Ledger(),
    isStrict: false,
  };
  const toxics = new ToxicList("p", instruments, { added: () => {}, changed: () => {}, removed: () => {} });
  const sent = { name: "t", type: "noop", stream: "upstream", attributes: {}, toxicity: 1 };
  const bounds = { ...unbounded, forMs: 1000 };
  toxics.remove(toxics.add({ ...sent, direction: "upstream", kind: noop, bounds }));
  vi.advanceTimersByTime(2000);
  expect(told).toEqual(["toxic-added", "toxic-removed"]);
});
