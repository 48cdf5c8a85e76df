import { expect, test } from "vitest";
import type { Message, Posted } from "../core/post.ts";
import { deliver } from "./deliver.ts";

const message: Message = { to: "the dashboard", method: "POST", url: "http://x", headers: {}, body: "{}" };
const answered = (status: number, retryAfterMs: number | null = null): Posted => ({
  kind: "answered",
  status,
  retryAfterMs,
  body: "said",
});
const refused: Posted = { kind: "unanswered", error: "ECONNREFUSED" };

/** Delivers against these answers, the last one again and again, on a clock that only pauses move; gives the pauses, too. */
async function delivered(answers: readonly Posted[], limitMs = 60_000, fraction = 0.5) {
  let [nowMs, count] = [0, 0];
  const pauses: number[] = [];
  const ended = await deliver(message, {
    post: async () => answers[Math.min((count += 1), answers.length) - 1] ?? refused,
    clock: { nowMs: () => nowMs },
    pause: async (ms) => {
      pauses.push(ms);
      nowMs += ms;
    },
    fraction: () => fraction,
    limitMs,
    signal: new AbortController().signal,
  });
  return { ...ended, pauses };
}

test("What is taken at once takes one attempt.", async () => {
  expect(await delivered([answered(202)])).toMatchObject({
    isDelivered: true,
    attempts: 1,
    status: 202,
    problem: "",
    pauses: [],
  });
});

test("A place that is busy or away is tried again, twice as long apart each time, until it takes it.", async () => {
  const answers = [refused, answered(503), answered(429), answered(500), answered(200)];
  const ended = await delivered(answers);
  expect(ended).toMatchObject({ isDelivered: true, attempts: 5 });
  expect(ended.pauses).toEqual([375, 750, 1500, 3000]);
});

test("Pauses are drawn between half and all of their length, and never longer than 15 s.", async () => {
  expect((await delivered([refused], 5000, 0)).pauses[0]).toBe(250);
  expect((await delivered([refused], 5000, 0.999)).pauses[0]).toBeCloseTo(500, 0);
  expect(Math.max(...(await delivered([refused], 600_000, 1)).pauses)).toBe(15_000);
});

test("As long as the place itself asks for is waited, where that is longer.", async () => {
  expect((await delivered([answered(429, 7000), answered(200)])).pauses).toEqual([7000]);
  expect((await delivered([answered(503, 0), answered(200)])).pauses).toEqual([375]);
});

test("When the time is over it is not delivered, and it does not wait for longer than that.", async () => {
  const ended = await delivered([answered(503)], 3000);
  expect(ended).toMatchObject({ isDelivered: false, status: 503, problem: "it answers 503" });
  expect(ended.pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(3000);
  expect(await delivered([answered(503, 3_600_000)], 3000)).toMatchObject({
    attempts: 1,
    isDelivered: false,
    problem: "it answers 503 and asks to be tried again after 1 h",
  });
});

test.each<readonly [number, RegExp]>([
  [400, /it answers 400$/],
  [401, /the token is missing, wrong, or may not do this/],
  [403, /the token/],
  [404, /it answers 404/],
  [301, /a redirect, which is not followed/],
  [308, /a redirect/],
])("%i is refused for good: one attempt, and why.", async (status, problem) => {
  const ended = await delivered([answered(status)]);
  expect(ended).toMatchObject({ isDelivered: false, attempts: 1, status });
  expect(ended.problem).toMatch(problem);
});
