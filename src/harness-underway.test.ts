import { expect, test } from "vitest";
import type { Clock } from "./core/clock.ts";
import { Underway } from "./harness-underway.ts";

/** A clock that stands until it is told to go on. */
class Standing implements Clock {
  #ms = 1000;

  nowMs(): number {
    return this.#ms;
  }

  goOn(ms: number): void {
    this.#ms += ms;
  }
}

interface Watched {
  readonly underway: Underway;
  readonly clock: Standing;
  /** Asks the run to stop. */
  readonly stop: () => void;
}

function watched(): Watched {
  const clock = new Standing();
  const stopped = new AbortController();
  return { underway: new Underway(clock, stopped.signal), clock, stop: () => stopped.abort() };
}
const fault = (name: string, actions: number) => ({ kind: "fault", fault: name, actions }) as const;

test("Where no run is under way, nothing is unfinished; nor when it has ended.", () => {
  const { underway } = watched();
  expect(underway.unfinished()).toBeNull();
  underway.begin("r1", 5);
  underway.end();
  expect(underway.unfinished()).toBeNull();
});

test("It tells what is in force with how many actions, which nodes are to end, and the command that heals.", () => {
  const { underway } = watched();
  underway.begin("r1", 5);
  underway.follow(fault("cut", 8));
  underway.follow(fault("nap", 1));
  underway.follow({ kind: "phase", phase: "faults", atMs: 1, limitMs: null });
  expect(underway.unfinished()).toEqual({
    text: "r1: still to heal: cut (8 actions), nap (1 action), then 5 nodes to end; this ends by itself within 20.00 s",
    command: "prism-chaos heal r1",
  });
});

test("What was healed is no longer told; what is left in part is told with that part.", () => {
  const { underway } = watched();
  underway.begin("r1", 5);
  underway.follow(fault("cut", 8));
  underway.follow(fault("nap", 1));
  underway.follow(fault("nap", 0));
  underway.follow(fault("cut", 2));
  expect(underway.unfinished()?.text).toContain("still to heal: cut (2 actions), then");
  underway.follow(fault("cut", 0));
  expect(underway.unfinished()?.text).toContain("no fault is in force, then 5 nodes");
});

test("A further run begins with nothing in force.", () => {
  const { underway } = watched();
  underway.begin("r1", 5);
  underway.follow(fault("cut", 8));
  underway.begin("r2", 3);
  expect(underway.unfinished()?.text).toContain("r2: no fault is in force, then 3 nodes");
});

test("The time that healing may take counts from the moment it was asked to stop, and is never less than nothing.", () => {
  const { underway, clock, stop } = watched();
  underway.begin("r1", 5);
  clock.goOn(60_000);
  expect(underway.unfinished()?.text).toContain("within 20.00 s");
  stop();
  clock.goOn(5000);
  expect(underway.unfinished()?.text).toContain("within 15.00 s");
  clock.goOn(60_000);
  expect(underway.unfinished()?.text).toMatch(/within 0/);
});
