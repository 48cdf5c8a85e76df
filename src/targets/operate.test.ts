import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { action, type Action } from "../core/action.ts";
import type { Json } from "../core/json.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import type { HttpRequest, OperationAnswer } from "../core/operation-answer.ts";
import type { Target } from "../core/target.ts";
import type { TcpRequest, TextAnswer, Transports, WebSocketRequest } from "../core/transports.ts";
import { hookDriver } from "./hook-driver.ts";
import { loadTarget } from "./load.ts";
import { operations } from "./operate.ts";
import { requireSecrets } from "./secrets.ts";

const sentinel = "s3ntinel-value";
const folder = mkdtempSync(join(tmpdir(), "operate-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});
writeFileSync(join(folder, "password"), `${sentinel}\n`);
vi.stubEnv("OPERATE_TOKEN", sentinel);

const text = `
name: toy
title: A toy
nodes:
  addresses:
    - { node: n1, host: h1, ports: { http: 81, raw: 91 } }
    - { node: n2, host: h2, ports: { http: 82, raw: 92 } }
    - { node: n3, host: h3, ports: { http: 83, raw: 93 } }
  readyWithin: 5s
  identity: { operation: leader, value: id }
credentials: { bearer: { fromEnvironment: OPERATE_TOKEN } }
tls: { ports: [http] }
operations:
  health: { port: http, method: GET, path: /health, credentials: none }
  leader:
    port: http
    method: GET
    path: /leader
    values: { id: { at: /id, as: hex }, leader: { at: /leader, as: [hex, node], absent: null } }
  cas:
    port: http
    method: POST
    path: "/kv/{key|url}"
    body: { key: "{key|base64}", was: "{expected}" }
    cases:
      - { when: { expected: null, key: special }, body: { first: true } }
      - { when: { expected: null }, body: { absent: "{key}" } }
  ask:
    by: websocket
    port: http
    path: /ws
    send: { key: "{key}" }
    until: [{ pointer: /kind, equals: answer }]
    values: { value: /value }
  line: { by: tcp, port: raw, send: "get {key}\\n", until: "\\n$", values: { value: { match: "^(.*)$" } } }
  run:
    by: command
    program: "{folder}/ask"
    arguments: ["{host}:{port.raw}", "{key}"]
    environment: { PASSWORD: { fromFile: password }, KEY: "{key}" }
    input: "{value}"
    ok: { exitCodes: [0, 3] }
    definite: [{ exitCodes: [9] }]
    values: { value: { match: "^(.*)$" } }
`;

function load(content = text): Target {
  const file = join(folder, "toy.yaml");
  writeFileSync(file, content);
  return loadTarget(file);
}

/** Answers of a system of three nodes with ids 0xa1, 0xa2, 0xa3, of which the second leads. */
class System {
  readonly requests: HttpRequest[] = [];
  readonly others: unknown[] = [];
  readonly down = new Set<string>();
  answer: TextAnswer = { answered: true, code: 0, text: "said" };

  readonly transports: Transports = {
    http: (request) => {
      this.requests.push(request);
      if (this.down.has(request.host))
        return Promise.resolve({ answered: false, notSent: true, error: "ECONNREFUSED" });
      const own = String(160 + Number(request.host.slice(1)));
      const body: Json = request.path === "/leader" ? { id: own, leader: "162" } : { echo: request.headers };
      return Promise.resolve({ answered: true, status: 200, body: JSON.stringify(body) });
    },
    websocket: (request: WebSocketRequest) => this.#other(request),
    tcp: (request: TcpRequest) => this.#other(request),
    command: (request) => this.#other(request),
  };

  #other(request: unknown): Promise<TextAnswer> {
    this.others.push(request);
    return Promise.resolve(this.answer);
  }
}

const { signal } = new AbortController();

function asking(target = load()): {
  readonly system: System;
  readonly ask: (node: string, operation: string, args?: Record<string, Json>) => Promise<OperationAnswer>;
} {
  const system = new System();
  const { source } = target.nodes;
  const addresses: readonly NodeAddress[] = source.kind === "running" ? source.addresses : [];
  const call = operations(target, addresses, system.transports);
  return {
    system,
    ask: (node, operation, args = {}) => call({ node, operation, arguments: args, timeoutMs: 100, signal }),
  };
}

test.each<readonly [string, Json, Json]>([
  ["k", "v", { key: "aw==", was: "v" }],
  ["k", null, { absent: "k" }],
  ["special", null, { first: true }],
  ["special", "v", { key: "c3BlY2lhbA==", was: "v" }],
])("A body for key %j, expected %j is the first whose case fits, else the usual one.", async (key, expected, body) => {
  const { system, ask } = asking();
  await ask("n1", "cas", { key, expected });
  expect(JSON.parse(system.requests[0]?.body ?? "")).toEqual(body);
});

test("A path's argument is escaped where the file says so.", async () => {
  const { system, ask } = asking();
  await ask("n1", "cas", { key: "a/b#1", expected: "x" });
  expect(system.requests[0]).toMatchObject({ path: "/kv/a%2Fb%231", isSecure: true });
});

test("An identity that is not known yet is asked for once, and from then on told without asking.", async () => {
  const { system, ask } = asking();
  expect(await ask("n1", "leader")).toEqual({ outcome: "ok", values: { id: "a1", leader: "n2" } });
  expect(system.requests.map(({ host }) => host)).toEqual(["h1", "h2", "h3"]);
  await ask("n3", "leader");
  expect(system.requests).toHaveLength(4);
});

test("An identity that nobody tells is null, not an error; it is told as soon as its node does.", async () => {
  const { system, ask } = asking();
  system.down.add("h2");
  expect(await ask("n1", "leader")).toEqual({ outcome: "ok", values: { id: "a1", leader: null } });
  system.down.clear();
  expect(await ask("n1", "leader")).toEqual({ outcome: "ok", values: { id: "a1", leader: "n2" } });
});

test("Nodes that are asked at the same time do not wait for each other's identity.", async () => {
  const { ask } = asking();
  const answers = await Promise.all(["n1", "n2", "n3"].map((node) => ask(node, "leader")));
  for (const answer of answers) expect(answer).toMatchObject({ outcome: "ok", values: { leader: "n2" } });
});

test("Credentials are shown by every operation but one that opts out, and an answer that repeats them is told without.", async () => {
  const { system, ask } = asking(
    load(text.replace("path: /health, credentials: none", "path: /health, values: { all: /echo }")),
  );
  const said = await ask("n1", "health");
  expect(system.requests[0]?.headers).toEqual({ authorization: `Bearer ${sentinel}` });
  expect(said).toEqual({ outcome: "ok", values: { all: { authorization: "‹secret›" } } });
  const opted = asking();
  await opted.ask("n1", "health");
  expect(opted.system.requests[0]?.headers).toEqual({});
});

test("Half a character in an error is told as what it is: none.", async () => {
  const { system, ask } = asking();
  system.answer = { answered: false, notSent: false, error: "bad \ud800" };
  expect(await ask("n1", "run", { key: "k", value: "v" })).toMatchObject({ error: "bad \ufffd" });
});

test("An error that repeats a secret is told without it.", async () => {
  const { system, ask } = asking();
  system.answer = { answered: false, notSent: false, error: `bad password ${sentinel}` };
  expect(await ask("n1", "run", { key: "k", value: "v" })).toEqual({
    outcome: "info",
    error: "bad password ‹secret›",
    isAnswered: false,
  });
});

test("A WebSocket operation sends its message to its node, and knows its answer among others.", async () => {
  const { system, ask } = asking();
  system.answer = { answered: true, code: null, text: '{"kind":"answer","value":"v"}' };
  expect(await ask("n2", "ask", { key: "k" })).toEqual({ outcome: "ok", values: { value: "v" } });
  const [request] = system.others as readonly WebSocketRequest[];
  expect(request).toMatchObject({ host: "h2", port: 82, isSecure: true, path: "/ws", send: '{"key":"k"}' });
  expect(request?.isAnswer('{"kind":"news"}')).toBe(false);
  expect(request?.isAnswer('{"kind":"answer"}')).toBe(true);
  expect(request?.isAnswer("no JSON")).toBe(false);
});

test("A TCP operation sends its text in clear to its node, and knows when the answer is whole.", async () => {
  const { system, ask } = asking();
  system.answer = { answered: true, code: null, text: "v\n" };
  expect(await ask("n2", "line", { key: "k" })).toEqual({ outcome: "ok", values: { value: "v" } });
  const [request] = system.others as readonly TcpRequest[];
  expect(request).toMatchObject({ host: "h2", port: 92, isSecure: false, send: "get k\n" });
  expect([request?.isWhole?.("v"), request?.isWhole?.("v\n")]).toEqual([false, true]);
});

test("A program gets its arguments, its input, and its secret in its environment alone.", async () => {
  const { system, ask } = asking();
  await ask("n2", "run", { key: "k", value: "v" });
  expect(system.others).toEqual([
    {
      program: `${folder}/ask`,
      arguments: ["h2:92", "k"],
      environment: { PASSWORD: sentinel, KEY: "k" },
      input: "v",
    },
  ]);
});

test.each([
  [{ answered: true, code: 0, text: "v" }, "ok"],
  [{ answered: true, code: 3, text: "v" }, "ok"],
  [{ answered: true, code: 9, text: "" }, "fail"],
  [{ answered: true, code: 1, text: "" }, "info"],
  [{ answered: false, notSent: true, error: "ENOENT" }, "fail"],
  [{ answered: false, notSent: false, error: "time-out" }, "info"],
] as const)("A program that ends as %j is %s.", async (answer, outcome) => {
  const { system, ask } = asking();
  system.answer = answer;
  expect(await ask("n1", "run", { key: "k", value: "v" })).toMatchObject({ outcome });
});

test("A hook on a node that is not ours and does not answer is not taken for gone.", async () => {
  const hooked = load(
    `${text}hooks: { h: { apply: health, remove: health, read: leader, inForce: { value: id, equals: a1 } } }\n`,
  );
  const { system, ask } = asking(hooked);
  const driver = hookDriver(hooked, ({ node, operation }) => ask(node, operation));
  const on = (node: string): Action =>
    action({
      fault: "f",
      capability: "target.hook",
      subject: { kind: "node", node },
      params: { hook: "h" },
      undo: "remove",
    });
  expect(await driver.read([on("n1")], signal)).toEqual(["in-force"]);
  expect(await driver.read([on("n2")], signal)).toEqual(["absent"]);
  system.down.add("h1");
  expect(await driver.read([on("n1"), on("n2")], signal)).toEqual(["unreadable", "absent"]);
});

test("A secret that is not there is told by its name, before anything is asked.", () => {
  vi.stubEnv("OPERATE_TOKEN", "");
  try {
    expect(() => requireSecrets(load())).toThrow(/environment variable OPERATE_TOKEN is not set/);
    expect(() => asking()).toThrow(expect.objectContaining({ exitCode: 69 }));
  } finally {
    vi.stubEnv("OPERATE_TOKEN", sentinel);
  }
  const target = load();
  rmSync(join(folder, "password"));
  expect(() => requireSecrets(target)).toThrow(/password cannot be read/);
  writeFileSync(join(folder, "password"), `${sentinel}\n`);
});
