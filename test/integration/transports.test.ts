import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { TlsMaterial, TextAnswer } from "../../src/core/transports.ts";
import { openTransports } from "../../src/harness-transports.ts";
import { packageRoot } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

/** A time-out in these tests, in ms: long enough for loopback, short enough to wait for. */
const limitMs = 400;
const host = "127.0.0.1";
const folder = mkdtempSync(join(tmpdir(), "transports-"));
let pem: { readonly cert: string; readonly key: string };

beforeAll(() => {
  // A certificate of a name that nobody has, and its key, for tests alone: valid for a hundred years, so that no tool is needed to make one.
  const read = (file: string): string => readFileSync(join(packageRoot, "test", "support", "tls", file), "utf8");
  pem = { cert: read("cert.pem"), key: read("key.pem") };
});
afterAll(() => rmSync(folder, { recursive: true }));

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

const plain: TlsMaterial = { ca: null, certificate: null, key: null, serverName: null, verify: true };
const trusted = (): TlsMaterial => ({ ...plain, ca: pem.cert, serverName: "cluster.test" });

function transports(tls: TlsMaterial | null = null): ReturnType<typeof openTransports>["transports"] {
  const open = openTransports(tls);
  undo.push(() => open.close());
  return open.transports;
}

/** Listens on a free port of loopback; connections that are left are ended after the test. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, host);
  await once(server, "listening");
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const soon = (): AbortSignal => AbortSignal.timeout(limitMs);

// HTTP over TLS

async function secureHttp(options: object = {}): Promise<{ readonly port: number; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createHttps({ ...pem, ...options }, (request, response) => {
    seen.push(request.headers.authorization ?? "");
    response.end('{"ok":true}');
  });
  return { port: await listening(server), seen };
}

const get = (port: number): Parameters<ReturnType<typeof transports>["http"]>[0] => ({
  host,
  port,
  method: "GET",
  path: "/",
  headers: { authorization: "Bearer x" },
  body: null,
  isSecure: true,
});

test("HTTP over TLS reaches a node whose certificate the file's authority signed, and shows the credentials.", async () => {
  const { port, seen } = await secureHttp();
  const answer = await transports(trusted()).http(get(port), soon());
  expect(answer).toEqual({ answered: true, status: 200, body: '{"ok":true}' });
  expect(seen).toEqual(["Bearer x"]);
});

test("Without verification any certificate will do.", async () => {
  const { port } = await secureHttp();
  expect(await transports({ ...plain, verify: false }).http(get(port), soon())).toMatchObject({ answered: true });
});

test.each([
  ["signed by nobody known", (): TlsMaterial | null => null],
  ["for another name", (): TlsMaterial | null => ({ ...plain, ca: pem.cert, serverName: "other.test" })],
])("A certificate %s ends it before anything is sent: the operation did not happen.", async (_what, tls) => {
  const { port, seen } = await secureHttp();
  expect(await transports(tls()).http(get(port), soon())).toMatchObject({ answered: false, notSent: true });
  expect(seen).toEqual([]);
});

test("A client's own certificate is shown where the node asks for one.", async () => {
  const { port } = await secureHttp({ requestCert: true, rejectUnauthorized: true, ca: pem.cert });
  const own: TlsMaterial = { ...trusted(), certificate: pem.cert, key: pem.key };
  expect(await transports(own).http(get(port), soon())).toMatchObject({ answered: true });
  expect(await transports(trusted()).http(get(port), soon())).toMatchObject({ answered: false });
});

// WebSocket

async function socketServer(
  speak: (message: string, send: (text: string) => void, close: () => void) => void,
  secure = false,
): Promise<number> {
  const http = secure ? createHttps(pem) : createHttp();
  const sockets = new WebSocketServer({ server: http });
  sockets.on("connection", (socket) => {
    const send = (text: string): void => socket.send(text);
    const close = (): void => socket.close();
    speak("", send, close);
    socket.on("message", (data: Buffer) => speak(data.toString("utf8"), send, close));
  });
  undo.push(() => sockets.close());
  return listening(http);
}

const message = (port: number, isSecure = false): Parameters<ReturnType<typeof transports>["websocket"]>[0] => ({
  host,
  port,
  isSecure,
  path: "/ws",
  headers: { authorization: "Bearer x" },
  send: "ask",
  isAnswer: (text) => text.startsWith("answer"),
});

test.each([false, true])(
  "Over WebSocket (secure: %s) the answer is the first message that is one.",
  async (isSecure) => {
    const port = await socketServer((asked, send) => {
      if (asked !== "ask") return send("news");
      send("more news");
      send("answer 1");
      send("answer 2");
    }, isSecure);
    const answer = await transports(isSecure ? trusted() : null).websocket(message(port, isSecure), soon());
    expect(answer).toEqual({ answered: true, code: null, text: "answer 1" });
  },
);

test.each<readonly [string, () => Promise<number>, boolean]>([
  ["nobody listens", () => closedPort(), true],
  ["nothing but news comes", () => socketServer((_asked, send) => send("news")), false],
  [
    "it is closed before the answer",
    () => socketServer((asked, _send, close) => (asked === "ask" ? close() : undefined)),
    false,
  ],
  [
    "the other side speaks no WebSocket",
    () => listening(createServer((socket) => socket.end("HTTP/1.1 404 Not Found\r\n\r\n"))),
    true,
  ],
  ["the other side never opens it", () => listening(createServer()), true],
])(
  "Over WebSocket, where %s, nothing is an answer; what was sent may have happened.",
  async (_what, serve, notSent) => {
    const port = await serve();
    const answer = await transports().websocket(message(port), soon());
    expect(answer).toMatchObject({ answered: false, notSent });
  },
);

// TCP

const line = (port: number, isSecure = false): Parameters<ReturnType<typeof transports>["tcp"]>[0] => ({
  host,
  port,
  isSecure,
  send: "get k\n",
  isWhole: (received) => received.endsWith("\n"),
});

/** Answers each line, in two parts. */
const speaker = (socket: Socket): void => {
  socket.setEncoding("utf8").on("data", (asked: string) => {
    socket.write("said: ");
    setImmediate(() => socket.write(asked));
  });
  socket.on("error", () => undefined);
};

test("Over TCP the answer is whole when what was received says so; the connection is then ended.", async () => {
  const ended: string[] = [];
  const port = await listening(
    createServer((socket) => {
      speaker(socket);
      socket.on("close", () => ended.push("closed"));
    }),
  );
  expect(await transports().tcp(line(port), soon())).toEqual({ answered: true, code: null, text: "said: get k\n" });
  await eventually(() => ended.length === 1, { limitMs: 2000, what: "the end of the connection" });
});

test("Over TCP with TLS the same.", async () => {
  const port = await listening(createTls(pem, speaker));
  expect(await transports(trusted()).tcp(line(port, true), soon())).toMatchObject({ answered: true });
  expect(await transports().tcp(line(port, true), soon())).toMatchObject({ answered: false, notSent: true });
});

test("Over TCP without a mark the end of the connection ends the answer.", async () => {
  const port = await listening(createServer((socket) => void socket.end("all\nof it")));
  const answer = await transports().tcp({ ...line(port), isWhole: null }, soon());
  expect(answer).toEqual({ answered: true, code: null, text: "all\nof it" });
});

test.each<readonly [string, () => Promise<number>, boolean]>([
  ["nobody listens", () => closedPort(), true],
  ["nothing comes", () => listening(createServer()), false],
  ["it ends in the middle", () => listening(createServer((socket) => void socket.end("half"))), false],
  [
    "it is reset",
    () => listening(createServer((socket) => void socket.on("data", () => socket.resetAndDestroy()))),
    false,
  ],
])("Over TCP, where %s, there is no answer; what was sent may have happened.", async (_what, serve, notSent) => {
  const port = await serve();
  expect(await transports().tcp(line(port), soon())).toMatchObject({ answered: false, notSent });
});

// Programs

const run = (script: string, limit = limitMs): Promise<TextAnswer> =>
  transports().command(
    { program: "sh", arguments: ["-c", script], environment: { GIVEN: "value" }, input: "asked\n" },
    AbortSignal.timeout(limit),
  );

test("A program gets its input and environment; its output and exit code are the answer.", async () => {
  expect(await run('read line; echo "$line $GIVEN"; echo noise >&2; exit 3', 5000)).toEqual({
    answered: true,
    code: 3,
    text: "asked value\n",
  });
  expect(await run("exec <&-; exit 0", 5000)).toMatchObject({ answered: true, code: 0 });
});

test("A program that cannot be started did nothing.", async () => {
  const asked = { program: "/nowhere/at-all", arguments: [], environment: {}, input: "" };
  expect(await transports().command(asked, soon())).toMatchObject({ answered: false, notSent: true });
});

test("A program that does not end is killed at its time-out, with what it started; it may have done its work.", async () => {
  const file = join(folder, "pids");
  const answer = await run(`echo $$ > ${file}; sleep 600 & echo $! >> ${file}; wait`);
  expect(answer).toEqual({ answered: false, notSent: false, error: "time-out" });
  expect(existsSync(file)).toBe(true);
  const pids = readFileSync(file, "utf8").trim().split("\n");
  expect(pids).toHaveLength(2);
  const isGone = (pid: string): boolean => spawnSync("kill", ["-0", pid]).status !== 0;
  await eventually(() => pids.every(isGone), { limitMs: 5000, what: "the end of both processes" });
});
