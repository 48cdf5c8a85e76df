import { expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { everyone } from "../core/testing/selections.ts";
import type { TaskContext } from "../core/workload.ts";
import { runTasks } from "./tasks.ts";

/** The nodes that were given tasks, in order, until there were so many. */
async function given(seed: string, count: number, changed: Partial<TaskContext> = {}): Promise<readonly string[]> {
  const rest = new AbortController();
  const nodes: string[] = [];
  await runTasks({
    settings: { on: everyone, ratePerSecond: 1000, memoryBytes: 1, durationMs: 1, timeoutMs: 1000 },
    nodes: ["n1", "n2", "n3"],
    seed,
    clock: systemClock,
    mayBegin: () => Promise.resolve(true),
    give: (node) => {
      nodes.push(node);
      if (nodes.length >= count) rest.abort();
      return Promise.resolve();
    },
    stop: rest.signal,
    ...changed,
  });
  return nodes;
}

test("The same seed gives tasks in the same order, and every node one in every round.", async () => {
  const nodes = await given("42", 24);
  expect(await given("42", 24)).toEqual(nodes);
  expect(await given("43", 24)).not.toEqual(nodes);
  for (let from = 0; from < 24; from += 3) {
    expect(new Set(nodes.slice(from, from + 3))).toEqual(new Set(["n1", "n2", "n3"]));
  }
});

test("Before a fault is in force no task is given, and none at all where none ever is.", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const nodes: string[] = [];
  const rest = new AbortController();
  const give = (node: string): Promise<void> => {
    nodes.push(node);
    rest.abort();
    return Promise.resolve();
  };
  const running = given("42", 1, { mayBegin: () => promise, give, stop: rest.signal });
  await new Promise((done) => setTimeout(done, 20));
  expect(nodes).toEqual([]);
  resolve(true);
  await running;
  expect(nodes).toHaveLength(1);
  expect(await given("42", 1, { mayBegin: () => Promise.resolve(false) })).toEqual([]);
});

test("Open loop: a node that does not answer is given more all the same; told to rest, it ends with the last answer.", async () => {
  const rest = new AbortController();
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let count = 0;
  let hasEnded = false;
  const give = (): Promise<void> => {
    count += 1;
    if (count === 3) {
      rest.abort();
      asked.resolve();
    }
    return answer.promise;
  };
  const running = given("42", Infinity, { give, stop: rest.signal }).then(() => (hasEnded = true));
  await asked.promise;
  // Time enough to end, if it did not wait.
  await new Promise((done) => setTimeout(done, 30));
  expect([count, hasEnded]).toEqual([3, false]);
  answer.resolve();
  await running;
  expect(count).toBe(3);
});
