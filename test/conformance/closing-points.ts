import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Pair, WantedToxic } from "./bench.ts";
import type { Point } from "./point.ts";
import { columnOf, repeated, staggered } from "./timing.ts";
import { sendTimed } from "./timed-sender.ts";

/** What holds for slow_close, timeout and reset_peer. */
export const closingPoints: readonly Point[] = [
  {
    number: 57,
    title: "slow_close holds the end of its own stream, not its bytes; removing it lets the end go.",
    check: async (bench) => {
      const slow: WantedToxic = { type: "slow_close", attributes: { delay: 400 } };
      const proxy = await bench.proxy([slow]);
      const pairs = await repeated(6, () => proxy.open());
      const took = await staggered(pairs, async ({ client, far }) => {
        const endedMs = performance.now();
        far.socket.end("bye");
        const bytesMs = await client.untilBytes(3);
        return [bytesMs - endedMs, (await client.untilEnd()).atMs - endedMs];
      });
      bench.expectDelays(columnOf(took, 0), 0);
      bench.expectDelays(columnOf(took, 1), 400);
      const other = await repeated(5, async () => {
        const { client, far } = await proxy.open();
        const endedMs = performance.now();
        client.socket.end();
        return (await far.untilEnd()).atMs - endedMs;
      });
      bench.expectDelays(other, 0);
      await proxy.change("slow_close_downstream", { attributes: { delay: 5000 } });
      const { client, far } = await proxy.open();
      far.socket.end("bye");
      await client.untilBytes(3);
      // The end is held by now, so that its removal is what lets it go.
      await delay(50);
      expect(client.end()).toBeNull();
      const removedMs = performance.now();
      await proxy.remove("slow_close_downstream");
      expect((await client.untilEnd()).atMs - removedMs).toBeLessThan(1000);
    },
  },
  {
    number: 58,
    title:
      "timeout drops every byte and closes after so long without new ones; removing it closes, toxicity 0 does not.",
    check: async (bench) => {
      const timeoutOf = (timeout: number): WantedToxic => ({
        type: "timeout",
        stream: "upstream",
        attributes: { timeout },
      });
      const proxy = await bench.proxy([timeoutOf(200)]);
      const idle = await repeated(5, async () => {
        const startedMs = performance.now();
        const { client, far } = await proxy.open();
        return [(await client.untilEnd()).atMs - startedMs, (await far.untilEnd()).atMs - startedMs];
      });
      bench.expectDelays(columnOf(idle, 0), 200);
      bench.expectDelays(columnOf(idle, 1), 200);
      await proxy.change("timeout_upstream", { attributes: { timeout: 300 } });
      const pairs = await repeated(6, () => proxy.open());
      const busy = await staggered(pairs, async (pair) => {
        const sent = await sendTimed(
          pair.client.socket,
          [0, 150, 300, 450].map((afterMs) => ({ afterMs, bytes: "dropped" })),
        );
        const { atMs } = await pair.far.untilEnd();
        expect(pair.far.receivedBytes()).toBe(0);
        return atMs - (sent.at(-1) ?? NaN);
      });
      bench.expectDelays(busy, 300);
      await proxy.change("timeout_upstream", { attributes: { timeout: 0 } });
      const stays = await proxy.open();
      const resumes = await proxy.open();
      await sendTimed(stays.client.socket, [{ afterMs: 0, bytes: "dropped" }]);
      await sendTimed(resumes.client.socket, [{ afterMs: 0, bytes: "dropped" }]);
      await delay(400);
      expect(stays.client.end()).toBeNull();
      await proxy.change("timeout_upstream", { toxicity: 0 });
      resumes.client.socket.write("passed");
      await resumes.far.untilBytes(6);
      expect(resumes.far.received().toString()).toBe("passed");
      await proxy.change("timeout_upstream", { toxicity: 1 });
      await proxy.remove("timeout_upstream");
      await bothEnd(stays);
      const reset = await proxy.openLive();
      await proxy.add(timeoutOf(0));
      await bench.expectStatus(204, "POST", "/reset");
      await bothEnd(reset);
    },
  },
  {
    number: 61,
    title: "reset_peer resets both sides after the first bytes, live connections too; idle ones stay open.",
    check: async (bench) => {
      const resetOf = (timeout: number): WantedToxic => ({
        type: "reset_peer",
        stream: "upstream",
        attributes: { timeout },
      });
      const proxy = await bench.proxy();
      const live = await proxy.openLive();
      await proxy.add(resetOf(0));
      const idle = await proxy.open();
      const hit = await proxy.open();
      hit.client.socket.write("x");
      expect(await kindsOf(hit)).toEqual(["reset", "reset"]);
      expect(hit.far.receivedBytes()).toBe(0);
      live.client.socket.write("x");
      const [first] = await kindsOf(live);
      expect(first).toBe(bench.differently({ toxiproxy: "fin", "built-in": "reset" }));
      expect([idle.client.end(), idle.far.end()]).toEqual([null, null]);
      await proxy.change("reset_peer_upstream", { attributes: { timeout: 100 } });
      const took = await repeated(5, async () => {
        const pair = await proxy.open();
        const sentMs = performance.now();
        pair.client.socket.write("x");
        expect(await kindsOf(pair)).toEqual(["reset", "reset"]);
        return (pair.far.end()?.atMs ?? NaN) - sentMs;
      });
      bench.expectDelays(took, 100);
      expect([idle.client.end(), idle.far.end()]).toEqual([null, null]);
    },
  },
  {
    number: 86,
    title: "A reset_peer that is gone leaves no trace: connections end in order again.",
    check: async (bench) => {
      const proxy = await bench.proxy([{ type: "reset_peer", attributes: { timeout: 0 } }]);
      const pair = await proxy.open();
      pair.client.socket.write("x");
      await pair.far.untilBytes(1);
      await proxy.remove("reset_peer_downstream");
      pair.far.socket.end();
      const { kind } = await pair.client.untilEnd();
      expect(kind).toBe(bench.differently({ toxiproxy: "reset", "built-in": "fin" }));
    },
  },
];

async function kindsOf({ client, far }: Pair): Promise<readonly string[]> {
  return [(await client.untilEnd(3000)).kind, (await far.untilEnd(3000)).kind];
}

async function bothEnd({ client, far }: Pair): Promise<void> {
  await client.untilEnd(1000);
  await far.untilEnd(1000);
}
