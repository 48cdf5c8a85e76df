import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { type ServeOptions, serveProxy } from "./serve.ts";

interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly id: string | null;
  readonly text: string;
  readonly json: () => unknown;
}

/** A service of its own, and a way to call it. */
async function start(more: Partial<ServeOptions> = {}) {
  const ending = new AbortController();
  const service = await serveProxy({ host: "127.0.0.1", port: 0, signal: ending.signal, seed: "test", ...more });
  const call = async (verb: string, path: string, body?: unknown): Promise<Reply> => {
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(service.url + path, {
      method: verb,
      redirect: "manual",
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      id: response.headers.get("x-toxiproxy-request-id"),
      text,
      json: () => JSON.parse(text) as unknown,
    };
  };
  const stop = async (): Promise<void> => {
    ending.abort();
    await service.closed;
  };
  return { call, stop, service, [Symbol.asyncDispose]: stop };
}

const alpha = { name: "alpha", listen: "localhost:0", upstream: "127.0.0.1:9", enabled: true };

test("The version is JSON with a newline, and carries a request id.", async () => {
  await using proxy = await start();
  const reply = await proxy.call("GET", "/version");
  expect(reply).toMatchObject({ status: 200, type: "application/json;charset=utf-8", text: '{"version": "2.12.0"}\n' });
  expect(reply.id).toMatch(/^\w{20}$/);
});

test("Unknown paths, wrong verbs, doubled slashes and browsers are answered as by the real one.", async () => {
  await using proxy = await start();
  expect(await proxy.call("GET", "/nope")).toMatchObject({ status: 404, text: "404 page not found\n", id: null });
  expect(await proxy.call("GET", "/proxies/")).toMatchObject({ status: 404, id: null });
  expect(await proxy.call("PUT", "/proxies")).toMatchObject({ status: 405, text: "", id: null });
  expect(await proxy.call("HEAD", "/version")).toMatchObject({ status: 405 });
  expect(await proxy.call("GET", "//proxies")).toMatchObject({ status: 301 });
  const browser = await fetch(`${proxy.service.url}/proxies`, { headers: { "user-agent": "Mozilla/5.0" } });
  expect([browser.status, await browser.text()]).toEqual([403, "User agent not allowed\n"]);
});

test("A proxy is created with its bound address, listed, shown and deleted.", async () => {
  await using proxy = await start();
  expect(await proxy.call("GET", "/proxies")).toMatchObject({ status: 200, type: "application/json", text: "{}" });
  const created = await proxy.call("POST", "/proxies", alpha);
  expect(created.status).toBe(201);
  expect(created.json()).toEqual({
    ...alpha,
    listen: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    toxics: [],
  });
  expect((await proxy.call("GET", "/proxies")).json()).toEqual({ alpha: created.json() });
  expect((await proxy.call("GET", "/proxies/alpha")).json()).toEqual(created.json());
  expect(await proxy.call("DELETE", "/proxies/alpha")).toMatchObject({ status: 204, text: "" });
  expect((await proxy.call("DELETE", "/proxies/alpha")).json()).toEqual({ error: "proxy not found", status: 404 });
});

test.each([
  ["", 400, "bad request body: EOF"],
  ["{}", 400, "missing required field: name"],
  ['{"name":"x"}', 400, "missing required field: upstream"],
  ['{"NAME":"x","Upstream":null}', 400, "missing required field: upstream"],
  [
    '{"name":5}',
    400,
    "bad request body: json: cannot unmarshal number 5 into Go struct field Proxy.name of type string",
  ],
  ["[]", 400, "bad request body: json: cannot unmarshal array into Go value of type Proxy"],
  ['{"name":"x","upstream":"y:1","listen":"1234"}', 500, "listen tcp: address 1234: missing port in address"],
  ['{"name":"x","upstream":"y:1","listen":"a:99999"}', 500, "listen tcp: address a:99999: invalid port"],
])("A proxy from %s is refused.", async (body, status, error) => {
  await using proxy = await start();
  const reply = await proxy.call("POST", "/proxies", body);
  expect(reply).toMatchObject({ status, type: "text/plain; charset=utf-8" });
  expect(reply.json()).toEqual({ error, status });
  expect((await proxy.call("GET", "/proxies")).text).toBe("{}");
});

test("A name that is taken gives 409, a port that is taken 500, and the name stays free.", async () => {
  await using proxy = await start();
  const { listen } = (await proxy.call("POST", "/proxies", alpha)).json() as { listen: string };
  expect((await proxy.call("POST", "/proxies", alpha)).json()).toEqual({ error: "proxy already exists", status: 409 });
  const taken = await proxy.call("POST", "/proxies", { ...alpha, name: "beta", listen });
  expect(taken.json()).toEqual({ error: `listen tcp ${listen}: bind: address already in use`, status: 500 });
  expect((await proxy.call("POST", "/proxies", { ...alpha, name: "beta" })).status).toBe(201);
});

test("A proxy keeps its port and its toxics while it is disabled, and names are percent-decoded.", async () => {
  await using proxy = await start();
  const first = (await proxy.call("POST", "/proxies", { ...alpha, name: "n1→n2 x" })).json() as { listen: string };
  const path = `/proxies/${encodeURIComponent("n1→n2 x")}`;
  await proxy.call("POST", `${path}/toxics`, { type: "noop" });
  expect((await proxy.call("PATCH", path, { enabled: false })).json()).toMatchObject({
    enabled: false,
    listen: first.listen,
  });
  expect((await proxy.call("POST", path, { enabled: true, name: "ignored" })).json()).toMatchObject({
    ...first,
    toxics: [{ name: "noop_downstream" }],
  });
});

test("A port that was taken meanwhile leaves the proxy disabled, and the API answers.", async () => {
  await using proxy = await start();
  const { listen } = (await proxy.call("POST", "/proxies", alpha)).json() as { listen: string };
  await proxy.call("PATCH", "/proxies/alpha", { enabled: false });
  const thief = createServer().listen(Number(listen.split(":")[1]), "127.0.0.1");
  await once(thief, "listening");
  expect(await proxy.call("PATCH", "/proxies/alpha", { enabled: true })).toMatchObject({ status: 500 });
  expect((await proxy.call("GET", "/proxies/alpha")).json()).toMatchObject({ enabled: false, listen });
  thief.close();
});

test("Populate creates in order, keeps what is the same, replaces what differs, and says where it stopped.", async () => {
  await using proxy = await start();
  const beta = { name: "beta", listen: "127.0.0.1:0", upstream: "127.0.0.1:9" };
  const reply = await proxy.call("POST", "/populate", [beta, alpha]);
  const { proxies } = reply.json() as { proxies: { name: string; listen: string }[] };
  expect([reply.status, ...proxies.map(({ name }) => name)]).toEqual([201, "beta", "alpha"]);
  await proxy.call("POST", "/proxies/beta/toxics", { type: "noop" });
  const again = (await proxy.call("POST", "/populate", [{ ...proxies[0], enabled: false }])).json();
  expect(again).toMatchObject({ proxies: [{ enabled: true, toxics: [{ type: "noop" }] }] });
  const other = (await proxy.call("POST", "/populate", [{ ...proxies[0], upstream: "127.0.0.1:10" }])).json();
  expect(other).toMatchObject({ proxies: [{ upstream: "127.0.0.1:10", toxics: [] }] });
  expect((await proxy.call("POST", "/populate", "[]")).text).toBe('{"proxies":null}');
  const missing = await proxy.call("POST", "/populate", [{ ...beta, name: "c" }, { upstream: "x:1" }]);
  expect(missing).toMatchObject({ status: 400, type: "application/json" });
  expect(missing.json()).toEqual({ error: "missing required field: name at proxy 2", status: 400, proxies: null });
  const half = await proxy.call("POST", "/populate", [
    { ...beta, name: "c" },
    { ...beta, name: "d", listen: "1" },
  ]);
  expect(half.json()).toMatchObject({ status: 500, proxies: [{ name: "c" }] });
});

test("A toxic has the real one's defaults, and is listed upstream first.", async () => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", alpha);
  const reply = await proxy.call("POST", "/proxies/alpha/toxics", { type: "latency", attributes: { LATENCY: 5 } });
  expect([reply.status, reply.text]).toEqual([
    200,
    '{"attributes":{"latency":5,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}',
  ]);
  await proxy.call("POST", "/proxies/alpha/toxics", { type: "timeout", stream: "UPSTREAM" });
  const names = ((await proxy.call("GET", "/proxies/alpha/toxics")).json() as { name: string }[]).map(
    ({ name }) => name,
  );
  expect(names).toEqual(["timeout_UPSTREAM", "latency_downstream"]);
  const changed = await proxy.call("PATCH", "/proxies/alpha/toxics/latency_downstream", {
    attributes: { jitter: 2 },
    name: "x",
  });
  expect(changed.json()).toMatchObject({
    name: "latency_downstream",
    attributes: { latency: 5, jitter: 2 },
    toxicity: 1,
  });
  expect(await proxy.call("DELETE", "/proxies/alpha/toxics/latency_downstream")).toMatchObject({ status: 204 });
  const gone = await proxy.call("GET", "/proxies/alpha/toxics/latency_downstream");
  expect(gone.json()).toEqual({ error: "toxic not found", status: 404 });
});

test.each([
  [{ type: "latency", stream: "" }, 400, "stream was invalid, can be either upstream or downstream"],
  [{ type: "down" }, 400, "invalid toxic type"],
  [{ type: "Latency" }, 400, "invalid toxic type"],
  [{ type: "noop", name: "taken", stream: "upstream" }, 409, "toxic already exists"],
  [
    { type: "latency", attributes: { latency: 1.5 } },
    400,
    "bad request body: json: cannot unmarshal number 1.5 into Go struct field latency.latency of type int64",
  ],
  [
    { type: "latency", attributes: { latency: "5" } },
    400,
    "bad request body: json: cannot unmarshal string into Go struct field latency.latency of type int64",
  ],
])("The toxic %j is refused.", async (toxic, status, error) => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", alpha);
  await proxy.call("POST", "/proxies/alpha/toxics", { type: "noop", name: "taken" });
  expect((await proxy.call("POST", "/proxies/alpha/toxics", toxic)).json()).toEqual({ error, status });
});

test("Reset enables every proxy and removes every toxic.", async () => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", { ...alpha, enabled: false });
  await proxy.call("POST", "/proxies/alpha/toxics", { type: "stall" });
  expect(await proxy.call("POST", "/reset")).toMatchObject({ status: 204, text: "" });
  expect((await proxy.call("GET", "/proxies/alpha")).json()).toMatchObject({ enabled: true, toxics: [] });
});

const stallUp = { name: "cut", type: "stall", stream: "upstream", attributes: {} };

test("Apply changes many proxies and answers their toxics; doing it twice changes nothing.", async () => {
  await using proxy = await start();
  await proxy.call("POST", "/populate", [alpha, { ...alpha, name: "beta" }]);
  const body = { add: ["alpha", "beta"].map((name) => ({ proxy: name, toxic: stallUp })) };
  const expected = { proxies: { alpha: [{ ...stallUp, toxicity: 1 }], beta: [{ ...stallUp, toxicity: 1 }] } };
  for (const _ of [1, 2]) {
    const reply = await proxy.call("POST", "/prism/apply", body);
    expect([reply.status, reply.json()]).toEqual([200, expected]);
  }
  const heal = { remove: ["alpha", "beta", "long gone"].map((name) => ({ proxy: name, name: "cut" })) };
  for (const _ of [1, 2]) {
    const reply = await proxy.call("POST", "/prism/apply", heal);
    expect([reply.status, reply.json()]).toEqual([200, { proxies: { alpha: [], beta: [], "long gone": [] } }]);
  }
});

test.each([
  [{ add: [{ proxy: "nobody", toxic: stallUp }] }, 404, "add[1]: proxy not found"],
  [{ add: [{ proxy: "alpha", toxic: { ...stallUp, type: "stal" } }] }, 400, "add[1]: invalid toxic type"],
  [{ add: [{ proxy: "alpha", toxic: { ...stallUp, atributes: {} } }] }, 400, "add[1]: unknown field: atributes"],
  [{ add: [{ proxy: "alpha" }] }, 400, "add[1]: invalid toxic type"],
  [
    { add: [{ proxy: "alpha", toxic: { ...stallUp, type: "noop" } }] },
    409,
    "add[1]: toxic cut already exists as stall upstream",
  ],
  [{ add: [], remove: [{ proxy: "alpha", name: "cut" }] }, 400, "add[0]: toxic cut is to be added and removed"],
  [{ add: [], remove: [{ proxy: "alpha" }] }, 400, "remove[0]: missing required field: name"],
  [{ add: [], heal: [] }, 400, "unknown field: heal"],
])("Apply of %j is refused as a whole, and the entry is named.", async (extra, status, error) => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", alpha);
  const add = [{ proxy: "alpha", toxic: stallUp }, ...extra.add];
  expect((await proxy.call("POST", "/prism/apply", { ...extra, add })).json()).toEqual({ error, status });
  expect((await proxy.call("GET", "/proxies/alpha/toxics")).text).toBe("[]");
});

test("An abort closes the API and every port, and a service is not started under an abort.", async () => {
  const proxy = await start();
  const { listen } = (await proxy.call("POST", "/proxies", alpha)).json() as { listen: string };
  await proxy.stop();
  for (const port of [proxy.service.port, Number(listen.split(":")[1])]) {
    const free = createServer().listen(port, "127.0.0.1");
    await once(free, "listening");
    free.close();
  }
  const late = serveProxy({ host: "127.0.0.1", port: 0, signal: AbortSignal.abort(new Error("too late")) });
  await expect(late).rejects.toThrow("too late");
});

test("Without a flag there are no metrics; with both there are bytes by way, live, and this process.", async () => {
  await using without = await start();
  expect(await without.call("GET", "/metrics")).toMatchObject({ status: 404, id: null });
  await using proxy = await start({ metrics: { proxy: true, runtime: true } });
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const upstream = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
  const { listen } = (await proxy.call("POST", "/proxies", { ...alpha, upstream })).json() as { listen: string };
  const client = connect(Number(listen.split(":")[1]), "127.0.0.1");
  const lines = async (): Promise<readonly string[]> => {
    const { text } = await proxy.call("GET", "/metrics");
    return text.split("\n").filter((line) => line.startsWith("toxiproxy_"));
  };
  const expected = ["received", "sent"].flatMap((what) =>
    ["upstream", "downstream"].map(
      (direction) =>
        `toxiproxy_proxy_${what}_bytes_total{direction="${direction}",listener="${listen}",proxy="alpha",upstream="${upstream}"} 5`,
    ),
  );
  client.write("12345");
  await once(client, "data");
  expect(await lines()).toEqual(expected);
  client.end();
  await once(client, "close");
  await proxy.call("DELETE", "/proxies/alpha");
  // Counters never fall, not even with their proxy gone.
  expect(await lines()).toEqual(expected);
  expect((await proxy.call("GET", "/metrics")).text).toMatch(/^process_resident_memory_bytes \d+/m);
  echo.close();
});

test("A reader of events that is too far behind is cut off.", async () => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", alpha);
  const reader = connect(proxy.service.port, "127.0.0.1");
  reader.write("GET /prism/events HTTP/1.1\r\nHost: proxy\r\n\r\n");
  await once(reader, "data");
  reader.pause();
  // More than the systems of both sides take in, and 8 MiB beyond.
  const toxic = { ...stallUp, name: "x".repeat(4 * 1024 * 1024) };
  for (let told = 0; told < 8; told += 1) {
    await proxy.call("POST", "/prism/apply", { add: [{ proxy: "alpha", toxic }] });
  }
  reader.resume();
  await once(reader, "close", { signal: AbortSignal.timeout(5000) });
  expect(reader.bytesRead).toBeLessThan(8 * toxic.name.length);
});

test.each([
  [{ forMs: -1 }, /^add\[0\]: forMs is -1; it is 1 or more$/],
  [{ firstConnections: 1.5 }, /^add\[0\]: bad request body: .* cannot unmarshal number 1\.5 /],
  [{ formS: 5, until: 1 }, /^add\[0\]: unknown field: until$/],
])("An addition bounded by %j is refused.", async (bounds, error) => {
  await using proxy = await start();
  await proxy.call("POST", "/proxies", alpha);
  const reply = await proxy.call("POST", "/prism/apply", { add: [{ proxy: "alpha", toxic: stallUp, ...bounds }] });
  expect(reply.json()).toEqual({ error: expect.stringMatching(error) as string, status: 400 });
});

test("In strict mode the end of one direction ends the connection, as with the real one.", async () => {
  await using proxy = await start({ isStrict: true });
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { listen } = (await proxy.call("POST", "/proxies", { ...alpha, upstream })).json() as { listen: string };
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const client = connect({ port: Number(listen.split(":")[1]), host: "127.0.0.1", allowHalfOpen: true });
  const [socket] = await accepted;
  client.end("question");
  client.resume();
  socket.resume();
  // The server has said nothing yet, and could still; the real one closes all the same.
  await once(client, "end");
  expect(socket.writable).toBe(true);
  socket.destroy();
  server.close();
});
