import { expect } from "vitest";
import type { Bench, Pair, WantedToxic } from "./bench.ts";
import type { Point } from "./point.ts";
import { columnOf, repeated, staggered } from "./timing.ts";
import { numberedBytes, sendTimed } from "./timed-sender.ts";

/** What holds for latency and bandwidth. */
export const delayPoints: readonly Point[] = [
  {
    number: 49,
    title: "Latency delays every chunk from its arrival on, adds up, and delays neither connect nor an end by itself.",
    check: async (bench) => {
      bench.expectDelays(await echoTimes(bench, [latencyOf(100, "upstream")]), 100);
      bench.expectDelays(await echoTimes(bench, [latencyOf(100, "upstream"), latencyOf(100, "downstream")]), 200);
      bench.expectDelays(
        await echoTimes(bench, [latencyOf(100, "upstream"), { ...latencyOf(100, "upstream"), name: "second" }]),
        200,
      );
      const proxy = await bench.proxy([latencyOf(400, "upstream")]);
      bench.expectDelays(
        await repeated(5, async () => {
          const startedMs = performance.now();
          await proxy.open();
          return performance.now() - startedMs;
        }),
        0,
      );
      const pairs = await repeated(6, () => proxy.open());
      const arrivals = await staggered(pairs, (pair) => arrivalsOf(pair, [0, 200]));
      bench.expectDelays(columnOf(arrivals, 0), 400);
      bench.expectDelays(columnOf(arrivals, 1), 600);
      bench.expectDelays(
        await repeated(5, async () => {
          const { client, far } = await proxy.open();
          const endedMs = performance.now();
          client.socket.end();
          return (await far.untilEnd()).atMs - endedMs;
        }),
        0,
      );
    },
  },
  {
    number: 50,
    title: "Two latencies behind one another keep the distance of chunks.",
    check: async (bench) => {
      const toxics = [latencyOf(400, "upstream"), { ...latencyOf(400, "upstream"), name: "second" }];
      const proxy = await bench.proxy(toxics);
      const pairs = await repeated(6, () => proxy.open());
      const arrivals = await staggered(pairs, (pair) => arrivalsOf(pair, [0, 200]));
      bench.expectDelays(columnOf(arrivals, 0), 800);
      bench.expectDelays(columnOf(arrivals, 1), bench.differently({ toxiproxy: 800, "built-in": 1000 }));
    },
  },
  {
    number: 51,
    title: "Jitter spreads the delay evenly from latency - jitter to latency + jitter.",
    check: async (bench) => {
      const [latency, jitter] = [40, 20];
      const proxy = await bench.echo([{ type: "latency", attributes: { latency, jitter } }]);
      const rounds = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const client = await proxy.dial();
          return repeated(50, async (index) => {
            const sentMs = performance.now();
            client.socket.write("x");
            return (await client.untilBytes(index + 1)) - sentMs;
          });
        }),
      );
      const delays = rounds.flat().sort((left, right) => left - right);
      const quantile = (share: number): number => delays[Math.floor(share * delays.length)] ?? NaN;
      expect(delays).toHaveLength(1000);
      expect(quantile(0)).toBeGreaterThanOrEqual(latency - jitter - 2);
      // The draw is even: each quarter has its own quarter of the way. What else the machine does comes on top.
      expect(quantile(0.05)).toBeLessThan(latency - jitter + 8 + bench.latenessMs);
      for (const share of [0.25, 0.5, 0.75, 0.95]) {
        const drawn = latency - jitter + 2 * jitter * share;
        expect(quantile(share)).toBeGreaterThan(drawn - 5);
        expect(quantile(share)).toBeLessThan(drawn + 10 + bench.latenessMs);
      }
    },
  },
  {
    number: 52,
    title: "Latency costs no throughput: 100 MB/s pass once the line is full.",
    check: async (bench) => {
      const proxy = await bench.proxy([latencyOf(100, "upstream")]);
      const message = numberedBytes(30_000_000);
      const took = await repeated(5, async () => {
        const { client, far } = await proxy.open();
        client.socket.end(message);
        const first = await far.untilBytes(1);
        const last = await far.untilBytes(message.length);
        expect(far.received().equals(message)).toBe(true);
        client.socket.destroy();
        return last - first;
      });
      expect(Math.min(...took)).toBeLessThanOrEqual(300);
    },
  },
  {
    number: 53,
    title: "Removing a latency delivers what it holds at once, whole and in order.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const took = await repeated(5, async () => {
        await proxy.add(latencyOf(3000, "upstream"));
        const { client, far } = await proxy.open();
        await sendTimed(
          client.socket,
          [0, 20, 40, 60, 80].map((afterMs) => ({ afterMs, bytes: `<${afterMs}>` })),
        );
        expect(far.receivedBytes()).toBe(0);
        const removedMs = performance.now();
        await proxy.remove("latency_upstream");
        const atMs = await far.untilBytes(19);
        expect(far.received().toString()).toBe("<0><20><40><60><80>");
        return atMs - removedMs;
      });
      bench.expectDelays(took, 0, 50);
    },
  },
  {
    number: 54,
    title: "Changing a latency sends the chunk in the timer now, and those behind it by the new delay.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      await proxy.add(latencyOf(3000, "upstream"));
      const pairs = await repeated(6, () => proxy.open());
      const sent = await staggered(pairs, ({ client }) =>
        sendTimed(client.socket, [
          { afterMs: 0, bytes: "A" },
          { afterMs: 100, bytes: "B" },
        ]),
      );
      const changedMs = performance.now();
      await proxy.change("latency_upstream", { attributes: { latency: 1000 } });
      const took = await repeated(pairs.length, async (index) => {
        const { far } = pairs[index] ?? expect.fail();
        const [a, b] = [await far.untilBytes(1), await far.untilBytes(2)];
        expect(far.received().toString()).toBe("AB");
        return [a - changedMs, b - (sent[index]?.[1] ?? NaN)];
      });
      bench.expectDelays(columnOf(took, 0), 0, 50);
      bench.expectDelays(columnOf(took, 1), 1000);
    },
  },
  {
    number: 55,
    title: "Bandwidth lets through so many times 1000 bytes a second, for each connection by itself, without a burst.",
    check: async (bench) => {
      const wide = await bench.proxy([bandwidthOf(1000)]);
      const short = await repeated(5, () => wide.open());
      bench.expectDelays(await staggered(short, (pair) => transferTime(pair, 480_000)), 480);
      const narrow = await bench.proxy([bandwidthOf(100)]);
      const slow = await repeated(5, () => narrow.open());
      const times = await staggered(slow, async ({ client, far }) => {
        const sentMs = performance.now();
        client.socket.write(numberedBytes(50_000));
        const firstMs = await far.untilBytes(1);
        const lastMs = await far.untilBytes(50_000);
        expect(far.received().equals(numberedBytes(50_000))).toBe(true);
        return [firstMs - sentMs, lastMs - sentMs];
      });
      bench.expectDelays(columnOf(times, 0), 100);
      bench.expectDelays(columnOf(times, 1), 500);
      // Long enough for an error of 1 % to be more than what timers and the machine add; several at a time have each the whole rate.
      const long = await repeated(3, () => wide.open());
      bench.expectDelays(await staggered(long, (pair) => transferTime(pair, 5_000_000)), 5000, 49);
    },
  },
  {
    number: 56,
    title: "A bandwidth of 0 holds everything, and removing it delivers every byte.",
    check: async (bench) => {
      const [proxy, control] = [await bench.proxy([bandwidthOf(0)]), await bench.proxy()];
      const [held, free] = [await proxy.open(), await control.open()];
      const message = numberedBytes(100_000);
      await sendTimed(held.client.socket, [{ afterMs: 0, bytes: message }]);
      await sendTimed(
        free.client.socket,
        [0, 200].map((afterMs) => ({ afterMs, bytes: "x" })),
      );
      await free.far.untilBytes(2);
      expect(held.far.receivedBytes()).toBe(0);
      await proxy.remove("bandwidth_upstream");
      await held.far.untilBytes(message.length);
      expect(held.far.received().equals(message)).toBe(true);
    },
  },
  {
    number: 85,
    title: "A latency before a bandwidth of 0 can be removed while bytes are held.",
    check: async (bench) => {
      const own = await bench.expendable();
      const proxy = await own.proxy([latencyOf(1, "upstream"), bandwidthOf(0)]);
      const { client, far } = await proxy.open();
      await sendTimed(
        client.socket,
        [0, 50, 100, 150].map((afterMs) => ({ afterMs, bytes: "x".repeat(1000) })),
      );
      const removing = own.call("DELETE", `${proxy.path}/toxics/latency_upstream`, { limitMs: 2000 });
      const isRemoved = await removing.then(
        ({ status }) => status === 204,
        () => false,
      );
      expect(isRemoved).toBe(bench.differently({ toxiproxy: false, "built-in": true }));
      if (!isRemoved) return;
      await proxy.remove("bandwidth_upstream");
      await far.untilBytes(4000);
    },
  },
];

function latencyOf(latency: number, stream: "upstream" | "downstream"): WantedToxic {
  return { type: "latency", stream, attributes: { latency } };
}

function bandwidthOf(rate: number): WantedToxic {
  return { type: "bandwidth", stream: "upstream", attributes: { rate } };
}

/** How long single bytes take to an echo and back, with these toxics. */
async function echoTimes(bench: Bench, toxics: readonly WantedToxic[]): Promise<readonly number[]> {
  const { client } = await (await bench.echo(toxics)).open();
  return repeated(5, async (index) => {
    const sentMs = performance.now();
    client.socket.write("x");
    return (await client.untilBytes(index + 1)) - sentMs;
  });
}

/** Sends a byte at each of these times, and tells when each arrived, counted from the first sending. */
async function arrivalsOf({ client, far }: Pair, timesMs: readonly number[]): Promise<readonly number[]> {
  const [startedMs = NaN] = await sendTimed(
    client.socket,
    timesMs.map((afterMs) => ({ afterMs, bytes: "x" })),
  );
  return repeated(timesMs.length, async (index) => (await far.untilBytes(index + 1)) - startedMs);
}

/** How long so many bytes take from client to server. */
async function transferTime({ client, far }: Pair, bytes: number): Promise<number> {
  const message = numberedBytes(bytes);
  const sentMs = performance.now();
  client.socket.write(message);
  const tookMs = (await far.untilBytes(bytes)) - sentMs;
  expect(far.received().equals(message)).toBe(true);
  return tookMs;
}
