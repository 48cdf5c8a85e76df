import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { evidenced, historyOf, sampleAt } from "../core/testing/history-of.ts";
import { Recorder } from "./recorder.ts";
import { steadyUnderTraffic } from "./steady.ts";

const folder = mkdtempSync(join(tmpdir(), "steady-"));
afterAll(() => rmSync(folder, { recursive: true }));
const blocks = { ratePerSecond: 100, sizeBytes: 16, timeoutMs: 50 };

/** Waits in a swarm of n1, n2 and the joiner n3 that is steady from its first moment; after `meanwhile` these nodes take a block each, in order. */
async function waited(
  taken: readonly string[],
  how: { readonly hasBlocks?: boolean; readonly outcome?: "ok" | "fail"; readonly limitMs?: number } = {},
): Promise<{ readonly tookAll: boolean; readonly waitedMs: number }> {
  const { hasBlocks = true, outcome = "ok", limitMs = 20_000 } = how;
  const { plan, probes } = evidenced(historyOf([]), {
    nodes: ["n1", "n2", "n3"],
    joiners: ["n3"],
    blocks: hasBlocks ? blocks : null,
    steadyState: { probes: ["well"], holdMs: 0, limitMs },
  });
  const recorder = new Recorder(systemClock, join(mkdtempSync(join(folder, "run-")), "history.ndjson"));
  const { signal } = new AbortController();
  const left = [...taken];
  const take = (): void => {
    const node = left.shift();
    if (node === undefined) return clearInterval(timer);
    const put = { kind: "put", block: "b", intact: null, outcome, says: null, error: null } as const;
    recorder.record({ type: "block.ended", sentMs: recorder.nowMs(), node, ...put });
  };
  // Later than the steady state is to have held, so that it is the blocks that are waited for.
  const timer = setInterval(take, 150);
  await steadyUnderTraffic({ plan, probes, recorder, clock: systemClock, signal }, async () => {
    for (const node of plan.nodes) recorder.record(sampleAt(recorder.nowMs(), true, node));
  });
  clearInterval(timer);
  recorder.close();
  return { tookAll: left.length === 0, waitedMs: recorder.nowMs() };
}

test("The first fault waits until each node that is in the swarm has taken four blocks.", async () => {
  const rounds = Array.from({ length: 4 }, () => ["n1", "n2"]).flat();
  expect(await waited(rounds)).toMatchObject({ tookAll: true });
});

test("Where no blocks are put it does not wait for any.", async () => {
  const many = Array.from({ length: 100 }, () => "n1");
  expect(await waited(many, { hasBlocks: false })).toMatchObject({ tookAll: false });
});

test("Blocks that were refused do not count, and at the limit it goes on all the same.", async () => {
  const many = Array.from({ length: 100 }, () => ["n1", "n2"]).flat();
  const { waitedMs } = await waited(many, { outcome: "fail", limitMs: 2500 });
  expect(waitedMs).toBeGreaterThanOrEqual(2500);
});
