import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { serveProxy } from "./serve.ts";
import type { ProxyTraffic } from "./tcp-proxy.ts";
import type { ToxicBounds } from "./toxic.ts";

/** One end of a connection, with all that it saw. */
interface End {
  readonly socket: Socket;
  received: () => string;
  raw: () => Buffer;
  bytes: () => number;
  ended: () => boolean;
  closed: () => boolean;
  error: () => string | null;
}

function watch(socket: Socket): End {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let ended = false;
  let error: string | null = null;
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
  });
  socket.on("end", () => (ended = true));
  socket.on("error", (thrown: NodeJS.ErrnoException) => (error = thrown.code ?? thrown.message));
  return {
    socket,
    received: () => Buffer.concat(chunks).toString(),
    raw: () => Buffer.concat(chunks),
    bytes: () => bytes,
    ended: () => ended,
    closed: () => socket.destroyed,
    error: () => error,
  };
}

/** Waits until a claim holds; a test that waits too long fails by the time limit of vitest. */
async function until(claim: () => boolean | Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(1800);
  while (!(await claim())) {
    if (limit.aborted) throw new Error(`never held: ${claim.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Long enough for loopback bytes that are not held to arrive many times over. */
const silenceMs = 60;

async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, silenceMs));
}

/** A service with one proxy, `p`, in front of a server whose sockets the test holds. */
async function start() {
  const ending = new AbortController();
  const service = await serveProxy({ host: "127.0.0.1", port: 0, signal: ending.signal, seed: "test" });
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => sockets.push(socket.on("error", () => {})));
  const call = async (verb: string, path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(service.url + path, { method: verb, signal: AbortSignal.timeout(1000), ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return text === "" ? null : (JSON.parse(text) as unknown);
  };
  const upstream = `127.0.0.1:${portOf(server)}`;
  const created = (await call("POST", "/proxies", { name: "p", listen: "localhost:0", upstream })) as {
    listen: string;
  };
  const port = Number(created.listen.split(":")[1]);
  const dial = (): End => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
    sockets.push(socket);
    return watch(socket);
  };
  const open = async (): Promise<{ client: End; server: End }> => {
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const client = dial();
    const [socket] = await accepted;
    return { client, server: watch(socket) };
  };
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    ending.abort();
    await service.closed;
  };
  return {
    call,
    dial,
    open,
    server,
    stop,
    add: (toxic: object) => call("POST", "/proxies/p/toxics", toxic),
    remove: (name: string) => call("DELETE", `/proxies/p/toxics/${name}`),
    apply: (change: object) => call("POST", "/prism/apply", change),
    links: async () => ((await call("GET", "/prism/links")) as { proxies: { p: Link } }).proxies.p,
    /** What has happened since, as the stream of events tells it, without its times. */
    follow: async () => {
      const response = await fetch(`${service.url}/prism/events`, { signal: AbortSignal.timeout(8000) });
      const seen: Record<string, unknown>[] = [];
      const reading = (async () => {
        let rest = "";
        for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
          const lines = (rest + text).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) {
            const { time: _time, ...told } = JSON.parse(line) as Record<string, unknown>;
            seen.push(told);
          }
        }
      })();
      reading.catch(() => {});
      return seen;
    },
    [Symbol.asyncDispose]: stop,
  };
}

type Link = ProxyTraffic & { readonly bounds: Readonly<Record<string, ToxicBounds>> };
type Proxy = Awaited<ReturnType<typeof start>>;
type Ends = Awaited<ReturnType<Proxy["open"]>>;

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

const bothStalled = ["upstream", "downstream"].map((stream) => ({
  proxy: "p",
  toxic: { name: `stall-${stream}`, type: "stall", stream, attributes: {} },
}));
const bothFree = bothStalled.map(({ proxy, toxic }) => ({ proxy, name: toxic.name }));

const noneClosed = {
  "client-closed": 0,
  "client-reset": 0,
  "server-closed": 0,
  "server-reset": 0,
  unreachable: 0,
  toxic: 0,
  proxy: 0,
};

test("Bytes pass both ways, and the counters are live.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  client.socket.write("ping");
  await until(() => server.received() === "ping");
  server.socket.write("answer");
  await until(() => client.received() === "answer");
  expect(await proxy.links()).toEqual({
    connections: 1,
    streams: {
      upstream: { receivedBytes: 4, deliveredBytes: 4, chunks: 1 },
      downstream: { receivedBytes: 6, deliveredBytes: 6, chunks: 1 },
    },
    opened: 1,
    closed: noneClosed,
    bounds: {},
  });
});

test("A half-close is kept: the answer to a client that has ended arrives.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  client.socket.end("question");
  await until(() => server.ended());
  expect(server.received()).toBe("question");
  server.socket.end("answer");
  await until(() => client.ended() && client.closed());
  expect(client.received()).toBe("answer");
  await until(async () => (await proxy.links()).connections === 0);
  expect((await proxy.links()).streams.downstream.deliveredBytes).toBe(6);
});

test("A refused upstream closes the client, and its early bytes do not count as delivered.", async () => {
  await using proxy = await start();
  proxy.server.close();
  const startMs = performance.now();
  const client = proxy.dial();
  client.socket.write("early");
  await until(() => client.ended() || client.error() !== null);
  expect(performance.now() - startMs).toBeLessThan(500);
  await until(async () => (await proxy.links()).connections === 0);
  expect((await proxy.links()).streams.upstream.deliveredBytes).toBe(0);
});

test("A reset on one side ends the other side.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  client.socket.resetAndDestroy();
  await until(() => server.ended() || server.error() !== null);
  await until(async () => (await proxy.links()).connections === 0);
  expect(server.closed()).toBe(false);
});

test("A stall of both directions keeps every byte and closes nothing, on live and new connections.", async () => {
  await using proxy = await start();
  const old = await proxy.open();
  await proxy.apply({ add: bothStalled });
  const young = await proxy.open();
  for (const { client, server } of [old, young]) {
    client.socket.write("up");
    server.socket.write("down");
  }
  await quiet();
  expect((await proxy.links()).streams).toMatchObject({
    upstream: { deliveredBytes: 0 },
    downstream: { deliveredBytes: 0 },
  });
  for (const { client, server } of [old, young]) {
    expect([server.received(), client.received(), client.ended(), server.ended()]).toEqual(["", "", false, false]);
  }
  await proxy.apply({ remove: bothFree });
  for (const { client, server } of [old, young]) {
    await until(() => server.received() === "up" && client.received() === "down");
    client.socket.write(" again");
    server.socket.write(" again");
    await until(() => server.received() === "up again" && client.received() === "down again");
    expect([client.ended(), server.ended()]).toEqual([false, false]);
  }
});

test("What a toxic held when it was removed meets the one that takes its place in the same change.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ name: "slow", type: "latency", stream: "upstream", attributes: { latency: 60_000 } });
  client.socket.write("held");
  await until(async () => (await proxy.links()).streams.upstream.receivedBytes === 4);
  await proxy.apply({ add: bothStalled, remove: [{ proxy: "p", name: "slow" }] });
  await quiet();
  expect(server.received()).toBe("");
  await proxy.apply({ remove: bothFree });
  await until(() => server.received() === "held");
});

test.each(["end", "reset"] as const)(
  "A sender's %s during a stall is passed on after the waiting bytes.",
  async (how) => {
    await using proxy = await start();
    const { client, server } = await proxy.open();
    await proxy.apply({ add: bothStalled });
    // They lie in the system's buffer then: nothing is read during a stall.
    await new Promise((resolve) => client.socket.write("last words", resolve));
    if (how === "end") client.socket.end();
    else client.socket.resetAndDestroy();
    await quiet();
    expect([server.received(), server.ended(), server.error()]).toEqual(["", false, null]);
    await proxy.apply({ remove: bothFree });
    await until(() => server.ended());
    expect(server.received()).toBe("last words");
  },
);

test("A stall makes the sender wait, and everything arrives afterwards.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.apply({ add: bothStalled });
  const total = 24 * 1024 * 1024;
  client.socket.end(Buffer.alloc(total, 7));
  await quiet();
  expect((await proxy.links()).streams.upstream.receivedBytes).toBeLessThan(512 * 1024);
  expect(client.socket.writableLength).toBeGreaterThan(0);
  await proxy.apply({ remove: bothFree });
  await until(() => server.ended());
  expect(server.bytes()).toBe(total);
});

test("Numbered messages arrive intact while stalls and latencies come and go.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  const messages = Array.from({ length: 40_000 }, (_, index) => `${index}\n`);
  const expected = messages.join("");
  const sending = (async () => {
    while (messages.length > 0) {
      if (!client.socket.write(messages.splice(0, 97).join(""))) await once(client.socket, "drain");
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const slow = {
    proxy: "p",
    toxic: { name: "slow", type: "latency", stream: "upstream", attributes: { latency: 3, jitter: 2 } },
  };
  for (let round = 0; round < 20; round += 1) {
    await proxy.apply({ add: round % 2 === 0 ? [...bothStalled, slow] : [slow, ...bothStalled] });
    await proxy.apply({ remove: bothFree });
    await proxy.apply({ add: bothStalled, remove: [{ proxy: "p", name: "slow" }] });
    await proxy.apply({ remove: bothFree });
  }
  await sending;
  await until(() => server.bytes() === expected.length);
  expect(server.received() === expected).toBe(true);
});

test("A blackhole loses bytes, holds the connection, and closes it when it is removed.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ name: "hole", type: "timeout", stream: "upstream", attributes: { timeout: 0 } });
  client.socket.write("lost");
  server.socket.write("other way");
  await until(() => client.received() === "other way");
  await quiet();
  expect([server.received(), server.ended(), client.ended()]).toEqual(["", false, false]);
  await proxy.remove("hole");
  await until(() => server.ended() && client.ended());
  expect(server.received()).toBe("");
});

test("A timeout closes after silence, and data restarts it.", async () => {
  await using proxy = await start();
  const { client } = await proxy.open();
  await proxy.add({ type: "timeout", stream: "upstream", attributes: { timeout: 80 } });
  const startMs = performance.now();
  for (let sent = 0; sent < 3; sent += 1) {
    client.socket.write("x");
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await until(() => client.ended());
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(155);
});

test("A refused proxy closes the port and its connections at once, and comes back on the same port.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.call("PATCH", "/proxies/p", { enabled: false });
  await until(() => client.ended() && server.ended());
  const refused = proxy.dial();
  await until(() => refused.error() === "ECONNREFUSED");
  await proxy.call("PATCH", "/proxies/p", { enabled: true });
  const again = await proxy.open();
  again.client.socket.write("back");
  await until(() => again.server.received() === "back");
  expect([client.error(), server.error()]).toEqual([null, null]);
});

test("A reset gives ECONNRESET to both sides of idle live connections, and to new ones, until it is removed.", async () => {
  await using proxy = await start();
  const idle = [await proxy.open(), await proxy.open()];
  await proxy.add({ name: "rst", type: "reset" });
  await until(() =>
    idle.every(({ client, server }) => client.error() === "ECONNRESET" && server.error() === "ECONNRESET"),
  );
  const late = proxy.dial();
  await until(() => late.error() === "ECONNRESET");
  expect((await proxy.links()).connections).toBe(0);
  await proxy.remove("rst");
  const { client, server } = await proxy.open();
  client.socket.write("alive");
  await until(() => server.received() === "alive");
});

test("A reset takes hold of stalled and of half-closed connections.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  server.socket.end();
  await until(() => client.ended());
  await proxy.apply({ add: bothStalled });
  client.socket.write("waiting");
  await proxy.add({ name: "rst", type: "reset" });
  await until(async () => (await proxy.links()).connections === 0);
  // The client has seen the end of its input, so that only a write shows it the reset.
  client.socket.write("x");
  await until(() => client.error() !== null);
  expect(client.error()).toMatch(/EPIPE|ECONNRESET/);
  expect(server.received()).toBe("");
});

test("reset_peer spares an idle connection and resets both sides after the first bytes.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ type: "reset_peer", stream: "upstream", attributes: { timeout: 30 } });
  await quiet();
  expect([client.error(), server.error()]).toEqual([null, null]);
  client.socket.write("x");
  await until(() => client.error() === "ECONNRESET" && server.error() === "ECONNRESET");
  expect(server.received()).toBe("");
});

test("Toxics that overlap stay in force when one of them is removed.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  for (const name of ["a", "b"]) await proxy.add({ name, type: "stall", stream: "upstream" });
  client.socket.write("x");
  await proxy.remove("a");
  await quiet();
  expect(server.received()).toBe("");
  await proxy.add({ name: "slow", type: "latency", stream: "upstream", attributes: { latency: 80 } });
  const startMs = performance.now();
  await proxy.remove("b");
  await until(() => server.received() === "x");
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(78);
});

test("Latency delays each chunk from its own arrival, adds up along a chain, and delays no close.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  for (const name of ["l1", "l2"]) {
    await proxy.add({ name, type: "latency", stream: "upstream", attributes: { latency: 100 } });
  }
  const startMs = performance.now();
  client.socket.write("A");
  await new Promise((resolve) => setTimeout(resolve, 100));
  client.socket.write("B");
  await until(() => server.received() === "A");
  const firstMs = performance.now() - startMs;
  await until(() => server.received() === "AB");
  const secondMs = performance.now() - startMs;
  expect(firstMs).toBeGreaterThanOrEqual(199);
  expect(firstMs).toBeLessThan(280);
  expect(secondMs).toBeGreaterThanOrEqual(298);
  expect(secondMs).toBeLessThan(380);
  client.socket.end();
  const endMs = performance.now();
  await until(() => server.ended());
  expect(performance.now() - endMs).toBeLessThan(90);
});

test("Chunks on their way leave at once, in order, when their latency is removed.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ name: "slow", type: "latency", stream: "upstream", attributes: { latency: 60_000 } });
  client.socket.write("one ");
  await quiet();
  client.socket.end("two");
  await quiet();
  await proxy.remove("slow");
  await until(() => server.ended());
  expect(server.received()).toBe("one two");
});

test("Toxicity spares connections by one draw each, and can be changed while they live.", async () => {
  await using proxy = await start();
  await proxy.add({ name: "half", type: "reset", toxicity: 0.5 });
  const clients = Array.from({ length: 120 }, () => proxy.dial());
  await until(() => clients.every((client) => !client.socket.connecting || client.closed()));
  // Every one was drawn for, and has heard of it, when those that are open here are those that are open there.
  const open = (): number => clients.filter((client) => !client.closed()).length;
  await until(async () => (await proxy.links()).connections === open());
  const hit = clients.filter((client) => client.error() === "ECONNRESET").length;
  expect(hit).toBeGreaterThan(35);
  expect(hit).toBeLessThan(85);
  await proxy.call("PATCH", "/proxies/p/toxics/half", { toxicity: 0 });
  expect((await proxy.links()).connections).toBe(120 - hit);
  await proxy.call("PATCH", "/proxies/p/toxics/half", { toxicity: 1 });
  await until(async () => (await proxy.links()).connections === 0);
});

test("A blackhole of toxicity 0 has no effect, not even when it is removed; set to 0, flow resumes.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ name: "hole", type: "timeout", stream: "upstream" });
  client.socket.write("lost");
  await until(async () => (await proxy.links()).streams.upstream.receivedBytes === 4);
  await proxy.call("PATCH", "/proxies/p/toxics/hole", { toxicity: 0 });
  client.socket.write("kept");
  await until(() => server.received() === "kept");
  await proxy.remove("hole");
  await quiet();
  expect([client.ended(), server.ended()]).toEqual([false, false]);
});

test("A peer that does not read holds up neither the API nor a refusal.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  client.socket.pause();
  server.socket.write(Buffer.alloc(24 * 1024 * 1024));
  await until(async () => (await proxy.links()).streams.downstream.receivedBytes > 100_000);
  await proxy.add({ name: "slow", type: "latency", attributes: { latency: 1000 } });
  await proxy.remove("slow");
  expect(await proxy.call("PATCH", "/proxies/p", { enabled: false })).toMatchObject({ enabled: false });
  await until(async () => (await proxy.links()).connections === 0);
  const { receivedBytes, deliveredBytes } = (await proxy.links()).streams.downstream;
  expect(deliveredBytes).toBeLessThan(receivedBytes);
});

test("500 connections, opened and closed under toxics that come and go, leave no socket and no timer.", async () => {
  await using proxy = await start();
  const accepted: Socket[] = [];
  proxy.server.on("connection", (socket: Socket) => {
    accepted.push(socket);
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.resume();
  });
  const slow = {
    proxy: "p",
    toxic: { name: "slow", type: "latency", stream: "upstream", attributes: { latency: 60_000 } },
  };
  const clients = Array.from({ length: 500 }, () => proxy.dial());
  await until(() => accepted.length === 500);
  const timersBefore = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  await proxy.apply({ add: [slow] });
  for (const { socket } of clients) socket.write("x");
  await until(async () => (await proxy.links()).streams.upstream.receivedBytes === 500);
  clients.forEach(({ socket }, index) => (index % 2 === 0 ? socket.end() : socket.resetAndDestroy()));
  await proxy.apply({ remove: [{ proxy: "p", name: "slow" }] });
  await until(async () => (await proxy.links()).connections === 0);
  expect((await proxy.links()).streams.upstream).toMatchObject({ receivedBytes: 500, deliveredBytes: 500 });
  const resources = process.getActiveResourcesInfo();
  expect(resources.filter((kind) => kind === "Timeout").length).toBeLessThan(timersBefore + 10);
  await until(() => accepted.every((socket) => socket.destroyed));
});

test("The path without toxics answers within a millisecond or so.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  server.socket.on("data", (chunk: Buffer) => server.socket.write(chunk));
  const startMs = performance.now();
  for (let round = 0; round < 200; round += 1) {
    const echoed = once(client.socket, "data");
    client.socket.write("x");
    await echoed;
  }
  // Nagle's algorithm on any of the four sockets would cost 40 ms a round.
  expect((performance.now() - startMs) / 200).toBeLessThan(5);
});

test("A blackhole loses everything, a close too; removing it closes the connection.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ type: "blackhole", stream: "upstream" });
  client.socket.end("lost");
  server.socket.write("answer");
  await until(() => client.received() === "answer");
  await quiet();
  expect([server.received(), server.ended()]).toEqual(["", false]);
  await proxy.remove("blackhole_upstream");
  await until(() => server.ended());
  expect(server.received()).toBe("");
});

test("Connections under one shared bandwidth have its rate together.", async () => {
  await using proxy = await start();
  const both = [await proxy.open(), await proxy.open()];
  await proxy.add({ type: "bandwidth_shared", stream: "upstream", attributes: { rate: 100 } });
  const startMs = performance.now();
  for (const { client } of both) client.socket.write(Buffer.alloc(20_000));
  await until(() => both.every(({ server }) => server.bytes() === 20_000));
  // At 100 bytes a ms each alone would be done in half of it.
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(398);
});

test("A stall of accepting lets live connections go on and new ones wait, without an upstream, until it is lifted.", async () => {
  await using proxy = await start();
  const old = await proxy.open();
  await proxy.add({ type: "accept_stall", stream: "upstream" });
  let accepted = 0;
  proxy.server.on("connection", () => (accepted += 1));
  const young = proxy.dial();
  await new Promise((resolve) => young.socket.write("early", resolve));
  old.client.socket.write("on");
  await until(() => old.server.received() === "on");
  await quiet();
  expect([accepted, young.closed()]).toEqual([0, false]);
  const reached = once(proxy.server, "connection") as Promise<[Socket]>;
  await proxy.remove("accept_stall_upstream");
  const late = watch((await reached)[0]);
  await until(() => late.received() === "early");
});

test("Refuse closes the port and spares live connections; the same port opens again.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  await proxy.add({ type: "refuse" });
  const refused = proxy.dial();
  await until(() => refused.error() !== null);
  expect(refused.error()).toBe("ECONNREFUSED");
  client.socket.write("on");
  await until(() => server.received() === "on");
  expect(await proxy.call("GET", "/proxies/p")).toMatchObject({ enabled: true });
  await proxy.remove("refuse_downstream");
  const again = await proxy.open();
  again.client.socket.write("again");
  await until(() => again.server.received() === "again");
});

test("A disabled proxy is not opened by the end of a refusal, and an enabled one not in spite of one.", async () => {
  await using proxy = await start();
  await proxy.add({ type: "refuse" });
  await proxy.call("POST", "/proxies/p", { enabled: false });
  await proxy.call("POST", "/proxies/p", { enabled: true });
  const refused = proxy.dial();
  await until(() => refused.error() === "ECONNREFUSED");
  await proxy.call("POST", "/proxies/p", { enabled: false });
  await proxy.remove("refuse_downstream");
  const still = proxy.dial();
  await until(() => still.error() !== null);
  expect([refused.error(), still.error()]).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
});

test("A toxic that is bounded in time goes by itself, and is gone from the list.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  const seen = await proxy.follow();
  const fromMs = performance.now();
  await proxy.apply({ add: [{ proxy: "p", toxic: { name: "t", type: "stall", stream: "upstream" }, forMs: 150 }] });
  client.socket.write("held");
  await until(() => server.received() === "held");
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(149);
  expect(await proxy.call("GET", "/proxies/p/toxics")).toEqual([]);
  await until(() => seen.some(({ event }) => event === "toxic-expired"));
});

test("What is left of a toxic's time is told.", async () => {
  await using proxy = await start();
  await proxy.apply({ add: [{ proxy: "p", toxic: { name: "t", type: "noop" }, forMs: 60_000 }] });
  const bound = (await proxy.links()).bounds["t"];
  expect(bound).toMatchObject({ firstConnections: null, seed: null });
  expect(bound?.forMs).toBeLessThanOrEqual(60_000);
  expect(bound?.forMs).toBeGreaterThan(50_000);
});

test("A bounded toxic that is sent again has its time anew, and none if none is sent.", async () => {
  await using proxy = await start();
  const toxic = { name: "t", type: "noop", stream: "upstream" };
  await proxy.apply({ add: [{ proxy: "p", toxic, forMs: 40 }] });
  await proxy.apply({ add: [{ proxy: "p", toxic }] });
  await quiet();
  expect(await proxy.call("GET", "/proxies/p/toxics")).toMatchObject([{ name: "t" }]);
});

test("The first N connections fail, those that are there already and those after them do not.", async () => {
  await using proxy = await start();
  const old = await proxy.open();
  const toxic = { name: "t", type: "reset", stream: "upstream" };
  await proxy.apply({ add: [{ proxy: "p", toxic, firstConnections: 2 }] });
  for (let turn = 0; turn < 2; turn += 1) {
    const failing = proxy.dial();
    await until(() => failing.error() !== null || failing.closed());
  }
  const third = await proxy.open();
  for (const { client, server } of [old, third]) {
    client.socket.write("through");
    await until(() => server.received() === "through");
  }
  expect(await proxy.links()).toMatchObject({ closed: { toxic: 2 }, bounds: { t: { firstConnections: 0 } } });
});

test("A seed of its own makes a toxic hit the same connections on every proxy.", async () => {
  const hits = async (name: string): Promise<readonly boolean[]> => {
    await using proxy = await start();
    const toxic = { name, type: "reset", stream: "upstream", toxicity: 0.5 };
    await proxy.apply({ add: [{ proxy: "p", toxic, seed: "42" }] });
    const results: boolean[] = [];
    for (let turn = 0; turn < 24; turn += 1) {
      const before = (await proxy.links()).closed.toxic;
      const client = proxy.dial();
      const settled = (): boolean => client.error() !== null || client.closed() || client.received() === "hi";
      proxy.server.once("connection", (socket: Socket) => socket.write("hi"));
      await until(settled);
      proxy.server.removeAllListeners("connection");
      await until(async () => client.received() === "hi" || (await proxy.links()).closed.toxic > before);
      results.push(client.received() !== "hi");
      client.socket.destroy();
    }
    return results;
  };
  const first = await hits("a");
  expect(await hits("b")).toEqual(first);
  expect(new Set(first).size).toBe(2);
});

test.each([
  ["client-closed", (ends: Ends) => ends.client.socket.end()],
  ["client-reset", (ends: Ends) => ends.client.socket.resetAndDestroy()],
  ["server-closed", (ends: Ends) => ends.server.socket.end()],
  ["server-reset", (ends: Ends) => ends.server.socket.resetAndDestroy()],
  ["toxic", (_ends: Ends, proxy: Proxy) => proxy.add({ type: "reset", name: "r" })],
  ["proxy", (_ends: Ends, proxy: Proxy) => proxy.call("POST", "/proxies/p", { enabled: false })],
] as const)("A connection that ends by %s is counted and told as such.", async (cause, end) => {
  await using proxy = await start();
  const seen = await proxy.follow();
  const ends = await proxy.open();
  ends.server.socket.on("end", () => ends.server.socket.end());
  ends.client.socket.on("end", () => ends.client.socket.end());
  ends.client.socket.write("12345");
  await until(() => ends.server.received() === "12345");
  await end(ends, proxy);
  await until(async () => (await proxy.links()).closed[cause] === 1);
  await until(() => seen.some(({ event }) => event === "closed"));
  expect(seen).toContainEqual({ proxy: "p", event: "opened", connection: 1 });
  expect(seen).toContainEqual({
    proxy: "p",
    event: "closed",
    connection: 1,
    cause,
    toxic: cause === "toxic" ? "r" : null,
    upstream: { receivedBytes: 5, deliveredBytes: 5, chunks: 1 },
    downstream: { receivedBytes: 0, deliveredBytes: 0, chunks: 0 },
  });
});

test("What is done to a proxy and to its toxics is told, in order.", async () => {
  await using proxy = await start();
  const seen = await proxy.follow();
  await proxy.add({ name: "t", type: "noop" });
  await proxy.call("PATCH", "/proxies/p/toxics/t", { toxicity: 0.5 });
  await proxy.remove("t");
  for (const enabled of [false, true]) await proxy.call("PATCH", "/proxies/p", { enabled });
  await proxy.call("DELETE", "/proxies/p");
  await until(() => seen.some(({ event }) => event === "deleted"));
  expect(seen).toMatchObject([
    { proxy: "p", event: "toxic-added", toxic: { name: "t", toxicity: 1 } },
    { proxy: "p", event: "toxic-changed", toxic: { name: "t", toxicity: 0.5 } },
    { proxy: "p", event: "toxic-removed", toxic: { name: "t", toxicity: 0.5 } },
    { proxy: "p", event: "disabled" },
    { proxy: "p", event: "enabled" },
    { proxy: "p", event: "disabled" },
    { proxy: "p", event: "deleted" },
  ]);
});

test("An upstream that cannot be reached is counted as that.", async () => {
  await using proxy = await start();
  proxy.server.close();
  proxy.dial();
  await until(async () => (await proxy.links()).connections === 0 && (await proxy.links()).opened === 1);
  expect((await proxy.links()).closed).toEqual({ ...noneClosed, unreachable: 1 });
});

test("Bulk both ways at once arrives byte by byte, whoever is slow.", async () => {
  await using proxy = await start();
  const { client, server } = await proxy.open();
  const bytes = 12 * 1024 * 1024;
  const pattern = Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 11)) % 251));
  server.socket.pause();
  client.socket.end(pattern);
  server.socket.end(pattern);
  await until(() => client.ended());
  server.socket.resume();
  await until(() => server.ended());
  for (const end of [client, server]) {
    expect([end.bytes(), end.raw().equals(pattern)]).toEqual([bytes, true]);
  }
});
