import { assert, asyncProperty, check, constant } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bench, type WantedToxic } from "../conformance/bench.ts";
import { type ServerProcess, startBuiltIn } from "../conformance/server-process.ts";
import { steps, wrongAfter } from "../conformance/toxic-changes.ts";

let server: ServerProcess;
beforeAll(async () => {
  server = await startBuiltIn();
});
afterAll(() => server[Symbol.asyncDispose]());

test("Whatever toxics are added, changed and removed under traffic both ways: no byte is lost, doubled or moved, and the end comes last.", async () => {
  await using bench = new Bench(server, startBuiltIn);
  const isWhole = asyncProperty(steps(), async (taken) => {
    expect(await wrongAfter(bench, taken)).toEqual([]);
  });
  await assert(isWhole, { numRuns: 150 });
});

// The same look finds what it is there for, once a toxic that loses, changes or resets is among the others.
test.each([
  ["limit_data", { attributes: { bytes: 50_000 } }, /bytes instead of/],
  ["packet_loss", { attributes: { loss_rate: 1 } }, /bytes instead of/],
  ["corrupt", { attributes: { rate: 1_000_000 } }, /another byte than was sent/],
  ["reset_peer", { attributes: { timeout: 0 } }, /ended by reset/],
] as const)("A toxic among them that is not gentle is seen: %s.", async (type, toxic, wrong) => {
  await using bench = new Bench(server, startBuiltIn);
  const losing = constant<WantedToxic>({ type, ...toxic, stream: "upstream" });
  const isWhole = asyncProperty(steps([losing, losing, losing]), async (taken) => {
    expect((await wrongAfter(bench, taken)).join("\n")).not.toMatch(wrong);
  });
  const { failed, errorInstance } = await check(isWhole, { numRuns: 100, endOnFailure: true });
  expect(failed).toBe(true);
  expect(String(errorInstance)).toMatch(wrong);
});
