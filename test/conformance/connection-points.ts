import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openBlackHole } from "./black-hole.ts";
import type { ProxyOnBench } from "./bench.ts";
import type { Point } from "./point.ts";
import { freePort } from "./server-process.ts";
import { repeated } from "./timing.ts";
import { numberedBytes } from "./timed-sender.ts";

/** What holds for connections, with toxics that come and go and peers that do not play along. */
export const connectionPoints: readonly Point[] = [
  {
    number: 44,
    title: "65 535 messages arrive whole and in order while a toxic is added and removed all the time.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const { client } = await proxy.open();
      const numbers = Buffer.alloc(2 * 65_535);
      for (let number = 0; number < 65_535; number += 1) numbers.writeUInt16BE(number, 2 * number);
      const toggling = toggle(proxy);
      for (let at = 0; at < numbers.length; at += 2) {
        const hasRoom = client.socket.write(numbers.subarray(at, at + 2));
        if (at % 256 === 0) await delay(1);
        if (!hasRoom) await once(client.socket, "drain");
      }
      await client.untilBytes(numbers.length);
      expect(await toggling.stop()).toBeGreaterThan(10);
      expect(client.received().equals(numbers)).toBe(true);
    },
  },
  {
    number: 45,
    title: "64 KiB arrive whole, and 1000 connections that come and go under changing toxics leave nothing open.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const message = numberedBytes(65_536);
      const { client } = await proxy.open();
      client.socket.write(message);
      await client.untilBytes(message.length);
      expect(client.received().equals(message)).toBe(true);
      client.socket.destroy();
      await eventually(() => proxy.far.ends[0]?.end() ?? null, { limitMs: 5000, what: "the end at the far server" });
      const before = bench.server.openFiles();
      const toggling = toggle(proxy);
      await Promise.all(
        Array.from({ length: 20 }, () =>
          repeated(50, async () => {
            const one = await proxy.dial();
            one.socket.write("ping");
            await one.untilBytes(4);
            one.socket.end();
            await one.untilEnd();
          }),
        ),
      );
      expect(await toggling.stop()).toBeGreaterThan(10);
      await eventually(() => bench.server.openFiles() <= before + 1, {
        limitMs: 10_000,
        what: `${before} open files again`,
      });
    },
  },
  {
    number: 46,
    title: "Where the upstream refuses, a client is accepted and then sees the end.",
    check: async (bench) => {
      const upstream = `127.0.0.1:${await freePort()}`;
      const proxy = await bench.proxy();
      await proxy.update({ upstream });
      const took = await repeated(3, async () => {
        const client = await proxy.dial();
        const startedMs = performance.now();
        const { kind, atMs } = await client.untilEnd(5000);
        expect(kind).toBe("fin");
        return atMs - startedMs;
      });
      expect(Math.min(...took)).toBeLessThanOrEqual(500);
    },
  },
  {
    number: 47,
    title: "When one side closes, the other one gets what was under way, and then the end.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const message = numberedBytes(1_000_000);
      for (const [from, to] of [
        ["client", "far"],
        ["far", "client"],
      ] as const) {
        const pair = await proxy.open();
        pair[from].socket.end(message);
        expect((await pair[to].untilEnd()).kind).toBe("fin");
        expect(pair[to].received().equals(message)).toBe(true);
      }
    },
  },
  {
    number: 48,
    title: "A side that has ended its own stream still gets the answer, unless the server is started as strict.",
    check: async (bench) => {
      for (const [flag, keepsHalf] of bench.differently<readonly (readonly [string | null, boolean])[]>({
        toxiproxy: [[null, false]],
        "built-in": [
          [null, true],
          ["strict", false],
        ],
      })) {
        const own = flag === null ? bench : await bench.apart({ flags: [flag] });
        const { client, far } = await (await own.proxy()).open();
        client.socket.end("question");
        await far.untilEnd();
        // What takes the connection for over needs a moment to close it.
        if (!keepsHalf) await client.untilEnd();
        far.socket.end("answer");
        expect((await client.untilEnd()).kind).toBe("fin");
        expect(client.received().toString()).toBe(keepsHalf ? "answer" : "");
      }
    },
  },
  {
    number: 63,
    title: "A toxic acts on connections that are there already, and on its own stream alone.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const { client, far } = await proxy.open();
      await proxy.add({ type: "latency", attributes: { latency: 200 } });
      const took = await repeated(5, async (index) => {
        const sentMs = performance.now();
        client.socket.write("up");
        const up = (await far.untilBytes(2 * (index + 1))) - sentMs;
        const answeredMs = performance.now();
        far.socket.write("down");
        return { up, down: (await client.untilBytes(4 * (index + 1))) - answeredMs };
      });
      bench.expectDelays(
        took.map(({ down }) => down),
        200,
      );
      bench.expectDelays(
        took.map(({ up }) => up),
        0,
      );
    },
  },
  {
    number: 64,
    title: "A client that does not read hangs nothing: every call of the API is answered.",
    check: async (bench) => {
      const own = await bench.expendable();
      const proxy = await own.proxy();
      const client = own.keepSocket(connect({ host: "127.0.0.1", port: proxy.port }));
      client.pause();
      const far = await proxy.far.accepted(0);
      far.socket.write(Buffer.alloc(64 * 1024 * 1024));
      await untilStuck(() => far.socket.bytesWritten - far.socket.writableLength);
      const body = { type: "latency", attributes: { latency: 1 } };
      const isAnswered = async (verb: string, path: string, sent?: object): Promise<boolean> => {
        try {
          return (await own.call(verb, path, { body: sent, limitMs: 2000 })).status < 300;
        } catch (thrown) {
          if (thrown instanceof Error && thrown.name === "TimeoutError") return false;
          throw thrown;
        }
      };
      const answered = bench.differently({ toxiproxy: false, "built-in": true });
      expect(await isAnswered("POST", `${proxy.path}/toxics`, body)).toBe(answered);
      expect(await isAnswered("GET", proxy.path)).toBe(answered);
      expect(await isAnswered("GET", "/proxies")).toBe(answered);
      expect(await isAnswered("GET", "/version")).toBe(true);
    },
  },
  {
    number: 65,
    title: "An upstream that never answers holds up nobody else, and its proxy can be disabled.",
    check: async (bench) => {
      const own = await bench.expendable();
      const hole = bench.keep(await openBlackHole());
      const proxy = await own.proxy();
      await proxy.update({ upstream: hole.address });
      await proxy.dial();
      const live = await own.echo();
      const beside = await live.dial();
      beside.socket.write("ping");
      await beside.untilBytes(4);
      const disabling = own.call("PATCH", proxy.path, { body: { enabled: false }, limitMs: 2000 });
      const isDisabled = await disabling.then(
        ({ status }) => status === 200,
        () => false,
      );
      expect(isDisabled).toBe(bench.differently({ toxiproxy: false, "built-in": true }));
    },
  },
  {
    number: 67,
    title: "1000 proxies are populated in less than 100 ms, and 500 connections leave nothing open.",
    check: async (bench) => {
      const own = await bench.apart();
      const proxy = await own.echo();
      const wanted = Array.from({ length: 1000 }, (_, index) => ({
        name: `many-${index}`,
        listen: "127.0.0.1:0",
        upstream: proxy.far.address,
      }));
      const before = own.server.openFiles();
      const took = await repeated(5, async () => {
        const startedMs = performance.now();
        await own.expectStatus(201, "POST", "/populate", wanted);
        const tookMs = performance.now() - startedMs;
        for (const { name } of wanted) await own.expectStatus(204, "DELETE", `/proxies/${name}`);
        return tookMs;
      });
      expect(Math.min(...took)).toBeLessThan(100);
      const clients = await Promise.all(Array.from({ length: 500 }, () => proxy.dial()));
      await proxy.far.accepted(499);
      expect(own.server.openFiles()).toBeGreaterThanOrEqual(before + 1000);
      for (const { socket } of clients) socket.destroy();
      await eventually(() => own.server.openFiles() <= before + 1, {
        limitMs: 10_000,
        what: `${before} open files again`,
      });
    },
  },
  {
    number: 68,
    title: "Without a toxic an answer comes within a millisecond, and 100 MB/s pass.",
    check: async (bench) => {
      const { client } = await (await bench.echo()).open();
      const trips = await repeated(500, async (index) => {
        const sentMs = performance.now();
        const arrived = once(client.socket, "data");
        client.socket.write("x");
        await arrived;
        expect(client.receivedBytes()).toBe(index + 1);
        return performance.now() - sentMs;
      });
      expect(trips.toSorted((left, right) => left - right)[250]).toBeLessThan(1);
      const { far, client: sender } = await (await bench.proxy()).open();
      const block = numberedBytes(10_000_000);
      const took = await repeated(5, async (index) => {
        const startedMs = performance.now();
        sender.socket.write(block);
        return (await far.untilBytes(block.length * (index + 1))) - startedMs;
      });
      expect(Math.min(...took)).toBeLessThan(100);
    },
  },
];

/** Adds and removes a latency of 1 ms on both streams until it is stopped; tells how often. */
function toggle(proxy: ProxyOnBench): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const done = (async () => {
    let rounds = 0;
    while (!stopping.signal.aborted) {
      for (const stream of ["upstream", "downstream"] as const)
        await proxy.add({ type: "latency", name: stream, stream, attributes: { latency: 1 } });
      for (const name of ["upstream", "downstream"]) await proxy.remove(name);
      rounds += 1;
    }
    return rounds;
  })();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

/** Waits until a count stays the same for 300 ms. */
async function untilStuck(count: () => number): Promise<void> {
  let last = -1;
  let sinceMs = performance.now();
  await eventually(
    () => {
      if (count() !== last) {
        last = count();
        sinceMs = performance.now();
      }
      return performance.now() - sinceMs >= 300;
    },
    { limitMs: 10_000, what: "a sender that can send no more" },
  );
}
