import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { freshName, type ProxyOnBench, type WantedToxic } from "./bench.ts";
import type { Point } from "./point.ts";
import { repeated } from "./timing.ts";
import { numberedBytes, sendTimed } from "./timed-sender.ts";

/** What holds for limit_data, slicer, packet_loss and toxicity. */
export const amountPoints: readonly Point[] = [
  {
    number: 59,
    title: "limit_data passes exactly so many bytes of a connection, and then ends it.",
    check: async (bench) => {
      const limitOf = (bytes: number): WantedToxic => ({
        type: "limit_data",
        stream: "upstream",
        attributes: { bytes },
      });
      const proxy = await bench.proxy([limitOf(10)]);
      const outcomes = async (...sends: readonly number[]): Promise<string> => {
        const { client, far } = await proxy.open();
        const whole = numberedBytes(sends.reduce((sum, own) => sum + own, 0));
        let at = 0;
        for (const [index, size] of sends.entries()) {
          client.socket.write(whole.subarray(at, at + size));
          at += size;
          if (index < sends.length - 1) await far.untilBytes(at);
        }
        await far.untilEnd();
        await client.untilEnd();
        expect(far.received().equals(whole.subarray(0, far.receivedBytes()))).toBe(true);
        return `${far.receivedBytes()}`;
      };
      expect(await outcomes(10)).toBe("10");
      expect(await outcomes(13)).toBe("10");
      expect(await outcomes(3, 3, 100_000)).toBe("10");
      // What a client sends while the proxy is still connecting counts as well.
      const atOnce = await repeated(20, async (index) => {
        const accepted = proxy.far.ends.length;
        const client = await proxy.dial();
        client.socket.write(numberedBytes(10 + index));
        const far = await proxy.far.accepted(accepted);
        await far.untilEnd();
        return far.receivedBytes();
      });
      expect(atOnce).toEqual(atOnce.map(() => 10));
      await proxy.change("limit_data_upstream", { attributes: { bytes: 100 } });
      expect(await outcomes(90, 20)).toBe("100");
      const { client, far } = await proxy.open();
      client.socket.write(numberedBytes(60));
      await far.untilBytes(60);
      await proxy.change("limit_data_upstream", { attributes: { bytes: 70 } });
      client.socket.write(numberedBytes(60));
      await far.untilEnd();
      expect(far.receivedBytes()).toBe(70);
      await proxy.change("limit_data_upstream", { attributes: { bytes: 0 } });
      expect(await outcomes(1)).toBe("0");
    },
  },
  {
    number: 60,
    title: "slicer cuts bytes into small pieces with a pause after each; removing it sends the rest in one.",
    check: async (bench) => {
      const slicer: WantedToxic = {
        type: "slicer",
        stream: "upstream",
        attributes: { average_size: 10, size_variation: 0, delay: 10_000 },
      };
      const proxy = await bench.proxy([slicer]);
      const message = numberedBytes(100);
      const runs = await repeated(5, async () => {
        const { client, far } = await proxy.open();
        const sentMs = performance.now();
        client.socket.write(message);
        const tookMs = (await far.untilBytes(100)) - sentMs;
        expect(far.received().equals(message)).toBe(true);
        return { tookMs, sizes: far.arrivals.map(({ chunk }) => chunk.length) };
      });
      expect(Math.min(...runs.map(({ tookMs }) => tookMs))).toBeGreaterThanOrEqual(100);
      // A busy machine joins pieces that wait to be read; it never cuts any.
      const finest = runs.toSorted((left, right) => right.sizes.length - left.sizes.length)[0]?.sizes ?? [];
      expect(finest.length).toBeGreaterThanOrEqual(10);
      expect(Math.max(...finest)).toBeLessThanOrEqual(10);
      await proxy.change("slicer_upstream", { attributes: { delay: 50_000 } });
      const long = numberedBytes(2000);
      const rest = await repeated(3, async () => {
        const { client, far } = await proxy.open();
        client.socket.write(long);
        await far.untilBytes(20);
        const before = far.receivedBytes();
        await proxy.remove("slicer_upstream");
        await far.untilBytes(long.length);
        expect(far.received().equals(long)).toBe(true);
        await proxy.add({ ...slicer, attributes: { ...slicer.attributes, delay: 50_000 } });
        const missing = long.length - before;
        return missing - Math.max(...far.arrivals.map(({ chunk }) => chunk.length));
      });
      // At most a piece or two leave between the look and the removal.
      expect(Math.min(...rest)).toBeLessThanOrEqual(30);
    },
  },
  {
    number: 62,
    title: "Toxicity 0 has no effect at all, 1 hits every connection, and 0.5 half of them, each for good.",
    check: async (bench) => {
      await withoutEffect();
      const always = await echoed(await bench.echo([someOf(1)]), 40);
      expect(always).toEqual(always.map(() => 2));
      const half = await echoed(await bench.echo([someOf(0.5)]), 400);
      expect(new Set(half)).toEqual(new Set([2, 8]));
      const hits = half.filter((count) => count === 2).length;
      expect(hits).toBeGreaterThanOrEqual(160);
      expect(hits).toBeLessThanOrEqual(240);

      async function withoutEffect(): Promise<void> {
        const proxy = await bench.proxy([
          { type: "reset_peer", stream: "upstream", toxicity: 0 },
          { type: "timeout", stream: "downstream", toxicity: 0, attributes: { timeout: 1 } },
          { type: "limit_data", stream: "upstream", toxicity: 0 },
        ]);
        const { client, far } = await proxy.open();
        client.socket.write("up");
        far.socket.write("down");
        await far.untilBytes(2);
        await client.untilBytes(4);
        const ordinary = await proxy.open();
        ordinary.client.socket.end("x");
        await ordinary.far.untilBytes(1);
        const { kind } = await ordinary.far.untilEnd();
        expect(kind).toBe(bench.differently({ toxiproxy: "reset", "built-in": "fin" }));
        await proxy.remove("timeout_downstream");
        if (bench.differently({ toxiproxy: true, "built-in": false })) {
          await client.untilEnd(1000);
          return;
        }
        client.socket.write("up");
        far.socket.write("down");
        await far.untilBytes(4);
        await client.untilBytes(8);
      }
    },
  },
  {
    number: 87,
    title: "The same seed hits the same connections.",
    check: async (bench) => {
      const sets: string[] = [];
      for (const seed of ["7", "7", "8"]) {
        const own = await bench.apart({ seed });
        const far = await own.sink();
        const body = { name: "seeded", listen: "127.0.0.1:0", upstream: far.address };
        const made = await own.expectStatus(201, "POST", "/proxies", body);
        const { listen } = made.json() as { readonly listen: string };
        const toxic = { type: "limit_data", stream: "upstream", toxicity: 0.5, attributes: { bytes: 1 } };
        await own.expectStatus(200, "POST", "/proxies/seeded/toxics", toxic);
        const passed = await repeated(64, async (index) => {
          const client = await own.dial(Number(listen.split(":")[1]));
          client.socket.end("xx");
          const end = await far.accepted(index);
          await end.untilEnd();
          return end.receivedBytes() < 2 ? "hit " : "spared ";
        });
        sets.push(passed.join(""));
      }
      expect(sets[0] === sets[1]).toBe(bench.differently({ toxiproxy: false, "built-in": true }));
      expect(sets[0] === sets[2]).toBe(false);
    },
  },
  {
    number: 88,
    title: "packet_loss drops chunks by its rate, and is a type of its own.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const type = "packet_loss";
      const body = { name: freshName(), type, stream: "upstream", attributes: { loss_rate: 1 } };
      const reply = await bench.call("POST", `${proxy.path}/toxics`, { body });
      expect(reply.status).toBe(bench.differently({ toxiproxy: 400, "built-in": 200 }));
      if (reply.status === 400) return;
      const { client, far } = await proxy.open();
      await sendTimed(
        client.socket,
        [0, 20, 40].map((afterMs) => ({ afterMs, bytes: "lost" })),
      );
      await proxy.change(body.name, { attributes: { loss_rate: 0 } });
      client.socket.write("kept");
      await far.untilBytes(4);
      expect(far.received().toString()).toBe("kept");
      await proxy.change(body.name, { attributes: { loss_rate: 0.5 } });
      const many = await proxy.open();
      await repeated(400, async (index) => {
        await sendTimed(many.client.socket, [{ afterMs: 1, bytes: String(index % 10) }]);
      });
      many.client.socket.end();
      await many.far.untilEnd();
      // Chunks may be joined on their way, so that their number is not exact.
      expect(many.far.receivedBytes()).toBeGreaterThan(100);
      expect(many.far.receivedBytes()).toBeLessThan(300);
    },
  },
];

/** Ends a share of the connections after two bytes. */
function someOf(toxicity: number): WantedToxic {
  return { type: "limit_data", toxicity, attributes: { bytes: 2 } };
}

/** Sends eight bytes to an echo over each of so many connections, one after the other has come back, and tells how many came on each. */
function echoed(proxy: ProxyOnBench, connections: number): Promise<readonly number[]> {
  return Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await proxy.dial();
      for (let sent = 1; sent <= 8 && client.end() === null; sent += 1) {
        client.socket.write("x");
        await eventually(() => client.end() !== null || client.receivedBytes() === sent, {
          limitMs: 20_000,
          what: `byte ${sent}, or the end`,
        });
      }
      return client.receivedBytes();
    }),
  );
}
