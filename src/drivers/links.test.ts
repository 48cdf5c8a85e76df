import { expect, test } from "vitest";
import { action, type Action } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import { messageOf } from "../core/harness-error.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../core/json.ts";
import { hereOnLoopback, type LinkDriver, type ProxyPlace } from "../core/link-driver.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { BuiltinLinks } from "./builtin-links.ts";
import { inTurns, LinkProxies } from "./link-proxies.ts";
import { builtinToxic, realToxic } from "./link-toxic.ts";
import { ProxyApi } from "./proxy-api.ts";
import { askProxyServer } from "./proxy-server.ts";

const { signal } = new AbortController();
const url = "http://127.0.0.1:8474";

function on(from: string, to: string, capability: Capability = "link.stall", params: JsonObject = {}): Action {
  return action({ fault: "f", capability, subject: { kind: "link", link: { from, to } }, params, undo: "remove" });
}

interface Called {
  readonly line: string;
  readonly body: Json;
}

/** What a server would say of itself: proxies by name, each with toxics by name. */
type Standing = Map<string, { enabled: boolean; listen: string; upstream: string; toxics: Map<string, JsonObject> }>;

interface Pretended {
  readonly calls: readonly Called[];
  readonly links: LinkDriver;
  readonly standing: Standing;
  readonly clear: () => void;
}

function nameIn({ name }: JsonObject): string {
  return typeof name === "string" ? name : "";
}

/** A built-in server that keeps what it is told, as far as the driver asks for it. `alter` is what it makes of each toxic that it takes. */
function server(alter: (toxic: JsonObject) => JsonObject | null = (toxic) => toxic, place = hereOnLoopback): Pretended {
  const calls: Called[] = [];
  const standing: Standing = new Map();
  const proxy = (name: string): { enabled: boolean; toxics: Map<string, JsonObject> } => {
    const found = standing.get(name) ?? { enabled: true, listen: "", upstream: "", toxics: new Map() };
    standing.set(name, found);
    return found;
  };
  const answer = (line: string, body: Json): [number, Json] => {
    const asked = isObject(body) ? body : {};
    const [method = "", path = ""] = line.split(" ");
    if (path === "/populate") {
      for (const one of body as unknown as { name: string; listen: string; upstream: string }[]) {
        standing.set(one.name, { ...one, enabled: true, toxics: new Map() });
      }
      return [201, {}];
    }
    if (path === "/prism/apply") {
      for (const { proxy: name, toxic } of asked["add"] as unknown as { proxy: string; toxic: JsonObject }[]) {
        const { toxics } = proxy(name);
        const kept = alter(toxic);
        if (kept !== null) toxics.set(nameIn(toxic), kept);
      }
      for (const { proxy: of, name } of asked["remove"] as unknown as { proxy: string; name: string }[]) {
        proxy(of).toxics.delete(name);
      }
      return [200, {}];
    }
    if (method === "GET") {
      const told = [...standing].map(([name, { toxics, ...one }]) => [
        name,
        { name, ...one, toxics: [...toxics.values()] },
      ]);
      return [200, Object.fromEntries(told) as Json];
    }
    proxy(decodeURIComponent(path.split("/")[2] ?? "")).enabled = asked["enabled"] === true;
    return [200, {}];
  };
  const send: HttpTransport = ({ method, path, body }) => {
    const parsed = parseJson(body ?? "null")?.value ?? null;
    calls.push({ line: `${method} ${path}`, body: parsed });
    const [status, said] = answer(`${method} ${path}`, parsed);
    return Promise.resolve({ answered: true, status, body: JSON.stringify(said) });
  };
  return { calls, standing, clear: () => (calls.length = 0), links: new BuiltinLinks({ url, run: "r", send, place }) };
}
const linesOf = (calls: readonly Called[]): readonly string[] => calls.map(({ line }) => line);

test("A cut of many links is one request and a look at what came of it, and so is its healing.", async () => {
  const { calls, links } = server();
  const batch = Array.from({ length: 1000 }, (_, index) => on("n1", `m${index}`));
  await links.apply(batch, signal);
  await links.remove(batch, signal);
  expect(linesOf(calls)).toEqual(["POST /prism/apply", "GET /proxies", "POST /prism/apply", "GET /proxies"]);
  const [applied, , removed] = calls.map(({ body }) => (isObject(body) ? body : {}));
  expect(applied).toMatchObject({ remove: [] });
  expect(applied?.["add"]).toHaveLength(1000);
  expect(applied?.["add"]).toContainEqual({
    proxy: "r.n1.m7",
    toxic: { name: "f.link.stall.n1-m7", type: "stall", stream: "upstream", toxicity: 1, attributes: {} },
  });
  expect(removed).toMatchObject({ add: [] });
  expect(removed?.["remove"]).toContainEqual({ proxy: "r.n1.m7", name: "f.link.stall.n1-m7" });
});

test("Links that are refused are closed each by itself, beside the one request for the others.", async () => {
  const { calls, links, clear } = server();
  await links.apply([on("n1", "n2", "link.refuse"), on("n2", "n1")], signal);
  expect(linesOf(calls)).toEqual(["POST /prism/apply", "POST /proxies/r.n1.n2", "GET /proxies"]);
  clear();
  await links.apply([on("n1", "n2", "link.refuse")], signal);
  expect(linesOf(calls)).toEqual(["POST /proxies/r.n1.n2", "GET /proxies"]);
});

test("A link that two faults refuse opens when the last of them is removed.", async () => {
  const { links, standing } = server();
  const [first, second] = [
    on("n1", "n2", "link.refuse"),
    { ...on("n1", "n2", "link.refuse"), id: "g/link.refuse/n1>n2" },
  ];
  await links.apply([first, second], signal);
  await links.remove([first], signal);
  expect(standing.get("r.n1.n2")?.enabled).toBe(false);
  expect(await links.read([second], signal)).toEqual(["in-force"]);
  await links.remove([second], signal);
  expect(standing.get("r.n1.n2")?.enabled).toBe(true);
});

test("Toxics of different faults on one link stand beside each other, and go one by one.", async () => {
  const { links } = server();
  const slow = on("n1", "n2", "link.latency", { delayMs: 100, jitterMs: 5, seed: 3 });
  const thin = on("n1", "n2", "link.bandwidth", { rateKBs: 10 });
  await links.apply([slow], signal);
  await links.apply([thin], signal);
  expect(await links.read([slow, thin], signal)).toEqual(["in-force", "in-force"]);
  await links.remove([slow], signal);
  expect(await links.read([slow, thin], signal)).toEqual(["absent", "in-force"]);
});

test.each([
  ["is not there", () => null, "f.link.latency.n1-n2 was sent, and is not there"],
  [
    "has another attribute",
    (toxic: JsonObject) => ({ ...toxic, attributes: { latency: 7, jitter: 5, seed: 3 } }),
    "was sent with latency 100, and is there with 7",
  ],
  [
    "holds for half of the connections",
    (toxic: JsonObject) => ({ ...toxic, toxicity: 0.5 }),
    "toxicity 1, and is there with 0.5",
  ],
  [
    "is on the other stream",
    (toxic: JsonObject) => ({ ...toxic, stream: "downstream" }),
    'stream upstream, and is there with "downstream"',
  ],
  ["is of another kind", (toxic: JsonObject) => ({ ...toxic, type: "noop" }), 'type latency, and is there with "noop"'],
] as const)("A change that did not take fails with both values: the toxic %s.", async (_what, alter, told) => {
  const { links } = server(alter);
  const slow = on("n1", "n2", "link.latency", { delayMs: 100, jitterMs: 5, seed: 3 });
  await expect(links.apply([slow], signal)).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining(told),
  });
  expect(await links.read([slow], signal)).not.toEqual(["in-force"]);
});

test("A toxic that stays although it was removed is told.", async () => {
  const { links, standing } = server();
  await links.apply([on("n1", "n2")], signal);
  const toxics = standing.get("r.n1.n2")?.toxics ?? new Map<string, JsonObject>();
  toxics.delete = () => false;
  await expect(links.remove([on("n1", "n2")], signal)).rejects.toThrow("f.link.stall.n1-n2 was removed, and is there");
});

test("An empty batch asks nothing.", async () => {
  const { calls, links } = server();
  await links.apply([], signal);
  await links.remove([], signal);
  expect(calls).toEqual([]);
});

test.each([
  ["link.latency", { delayMs: -1, jitterMs: 0, seed: 1 }, "latency of latency is -1"],
  ["link.latency", { delayMs: 2 ** 31, jitterMs: 0, seed: 1 }, "latency of latency is 2147483648"],
  ["link.latency", { delayMs: 10, jitterMs: 2 ** 62, seed: 1 }, "jitter of latency is 4611686018427388000"],
  ["link.bandwidth", { rateKBs: -1 }, "rate of bandwidth is -1"],
  ["link.bandwidth", { rateKBs: 1.5 }, "rate of bandwidth is 1.5"],
  ["link.bandwidth", { rateKBs: Number.NaN }, "rate of bandwidth is NaN"],
] as const)("What a real server dies of is sent to none: %s with %o.", (capability, params, told) => {
  for (const make of [builtinToxic, realToxic]) {
    expect(() => make(on("n1", "n2", capability, params))).toThrow(`f/${capability}/n1>n2 was not sent: ${told}`);
  }
});

test.each(["link.corrupt", "link.reset"] as const)("A real server is not asked for %s.", (capability) => {
  expect(() => realToxic(on("n1", "n2", capability, { rate: 0.1, seed: 1 }))).toThrow(
    `it has no toxic for ${capability}`,
  );
});

test("Lost bytes are a type of the built-in one's own, and on a real server a time-out that never comes.", () => {
  expect(builtinToxic(on("n1", "n2", "link.blackhole"))).toMatchObject({ type: "blackhole", attributes: {} });
  expect(realToxic(on("n1", "n2", "link.blackhole"))).toMatchObject({ type: "timeout", attributes: { timeout: 0 } });
});

test("On a real server a stall is a bandwidth of 0, and a delay has no seed.", () => {
  expect(realToxic(on("n1", "n2"))).toMatchObject({ type: "bandwidth", attributes: { rate: 0 }, toxicity: 1 });
  const slow = on("n1", "n2", "link.latency", { delayMs: 100, jitterMs: 5, seed: 3 });
  expect(realToxic(slow).attributes).toEqual({ latency: 100, jitter: 5 });
  expect(builtinToxic(slow).attributes).toEqual({ latency: 100, jitter: 5, seed: 3 });
});

test("Where proxies listen and where they are reached are two things; mapped ports are given out in order.", async () => {
  const mapped = [
    { listen: 8666, reach: 49_001 },
    { listen: 8667, reach: 49_002 },
  ];
  const place: ProxyPlace = { listenHost: "0.0.0.0", reachHost: "10.0.0.9", mapped };
  const { calls, links, standing } = server(undefined, place);
  const link = { from: "n1", to: "n2" };
  const wanted = [
    { link, port: 0, upstream: "10.0.0.1:7000" },
    { link: { from: "n2", to: "n1" }, port: 0, upstream: "10.0.0.1:7001" },
  ];
  expect([...(await links.populate(wanted, signal))]).toEqual([
    ["n1>n2", "10.0.0.9:49001"],
    ["n2>n1", "10.0.0.9:49002"],
  ]);
  expect(calls[0]?.body).toMatchObject([{ listen: "0.0.0.0:8666" }, { listen: "0.0.0.0:8667" }]);
  const third = { link: { from: "n1", to: "n3" }, port: 0, upstream: "10.0.0.1:7002" };
  await expect(links.populate([...wanted, third], signal)).rejects.toMatchObject({
    code: "too-few-ports",
    exitCode: 69,
  });
  expect(standing.size).toBe(2);
});

test.each([
  ["[::]:8666", "10.0.0.1:7000", "n1>n2 is at h:8666"],
  ["[::]:8667", "10.0.0.1:7000", "was to listen on 0.0.0.0:8666, and listens on [::]:8667"],
  ["[::]:8666", "10.0.0.1:7009", "was to lead to 10.0.0.1:7000, and leads to 10.0.0.1:7009"],
] as const)("A proxy that is read back on %s to %s: %s.", async (listen, upstream, told) => {
  const body = { "r.n1.n2": { name: "r.n1.n2", listen, upstream, enabled: true, toxics: [] } };
  const send: HttpTransport = () => Promise.resolve({ answered: true, status: 200, body: JSON.stringify(body) });
  const place: ProxyPlace = { listenHost: "0.0.0.0", reachHost: "h", mapped: null };
  const proxies = new LinkProxies(new ProxyApi({ url, send }), { run: "r", place });
  const placed = proxies.placed([{ link: { from: "n1", to: "n2" }, port: 8666, upstream: "10.0.0.1:7000" }], signal);
  const said = await placed.then(
    (reach) => [...reach].map(([link, at]) => `${link} is at ${at}`).join(),
    (thrown: unknown) => messageOf(thrown),
  );
  expect(said).toContain(told);
});

test("Of many calls sixteen are under way at once, and one that fails keeps none from being made.", async () => {
  let [now, most, made] = [0, 0, 0];
  const items = Array.from({ length: 100 }, (_, index) => index);
  const done = inTurns(items, async (index) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    made += 1;
    if (index === 3) throw new Error("the third failed");
  });
  await expect(done).rejects.toThrow("the third failed");
  expect([most, made]).toEqual([16, 100]);
});

test("A server's own words are told, and that it was silent.", async () => {
  const refusing: HttpTransport = () =>
    Promise.resolve({
      answered: true,
      status: 500,
      body: '{"error":"listen tcp 127.0.0.1:1: bind: in use","status":500}',
    });
  const api = new ProxyApi({ url, send: refusing });
  const call = { method: "POST", path: "/populate", body: [] } as const;
  await expect(api.call(call, signal)).rejects.toThrow(
    "POST /populate was refused: listen tcp 127.0.0.1:1: bind: in use",
  );
  const silent: HttpTransport = () => Promise.resolve({ answered: false, notSent: false, error: "time-out" });
  await expect(new ProxyApi({ url, send: silent }).call(call, signal)).rejects.toMatchObject({
    exitCode: 69,
    message: `the proxy of the links: POST /populate at ${url} had no answer: time-out`,
  });
});

test("A call is given up after 5 s, whatever the server does.", async () => {
  const limits: AbortSignal[] = [];
  const send: HttpTransport = (_request, limit) => {
    limits.push(limit);
    return Promise.resolve({ answered: true, status: 200, body: "{}" });
  };
  await new ProxyApi({ url, send }).proxies(signal);
  expect(limits).toHaveLength(1);
  expect(limits[0]).not.toBe(signal);
});

test.each([
  ["the built-in one", 200, '{"version": "2.12.0"}\n', { kind: "builtin", version: "2.12.0" }],
  ["a real one", 404, '{"version": "2.9.0"}\n', { kind: "toxiproxy", version: "2.9.0" }],
  ["one that says its version in bare text", 404, "2.1.0", { kind: "toxiproxy", version: "2.1.0" }],
  ["one that was built without a version", 404, '{"version": "git"}', { kind: "toxiproxy", version: "git" }],
  ["one that has no /populate", 404, "2.0.0", { problem: expect.stringContaining("2.1.0 or later") }],
  ["one that has none yet", 404, "1.2.1", { problem: expect.stringContaining("says version 1.2.1") }],
] as const)("What answers at a URL is told: %s.", async (_what, status, version, told) => {
  const send: HttpTransport = ({ path }) =>
    Promise.resolve({
      answered: true,
      ...(path === "/version" ? { status: 200, body: version } : { status, body: "" }),
    });
  expect(await askProxyServer(url, send, signal)).toMatchObject(told);
});
