import { afterAll, expect, test } from "vitest";
import type { Plan } from "../../src/core/plan.ts";
import { onlyJson, Workplace } from "../support/command-line.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

async function plans(...args: readonly string[]): Promise<readonly Plan[]> {
  const planned = await place.call("plan", "leader-loss", ...args, "--json");
  expect(planned.exitCode).toBe(0);
  return (onlyJson(planned) as { plans: readonly { plan: Plan }[] }).plans.map(({ plan }) => plan);
}

test("The same seed gives the same plans, another seed others; without one every call draws its own.", async () => {
  const [first, again, other] = [await plans("--seed", "42"), await plans("--seed", "42"), await plans("--seed", "43")];
  expect(first.map(({ variant }) => variant.name)).toEqual(["kill", "cut", "pause", "several", "successor", "revote"]);
  expect(again).toEqual(first);
  expect(new Set([...first, ...other].map(({ digest }) => digest)).size).toBe(12);
  const [drawn, drawnAgain] = [await plans("--variant", "cut"), await plans("--variant", "cut")];
  expect(drawn[0]?.seed).not.toBe(drawnAgain[0]?.seed);
});

test("One repetition asked for alone is the one that the whole series has in its place.", async () => {
  const series = await plans("--variant", "cut", "--seed", "42", "--repeat", "3");
  const second = await plans("--variant", "cut", "--seed", "42", "--repeat", "3", "--repetition", "2");
  expect(series.map(({ repetition }) => repetition)).toEqual([1, 2, 3]);
  expect(second).toEqual([series[1]]);
  expect(new Set(series.map(({ digest }) => digest)).size).toBe(3);
});

test("A plan touches nothing: it leaves no run's folder and no open run.", async () => {
  await plans();
  expect(place.runs()).toEqual([]);
  expect(place.openRuns()).toEqual([]);
});
