import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Ports } from "../../src/drivers/ports.ts";
import { packageRoot } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

// Three voters and five agents as they are built, each a process of its own, on loopback. The last agent joins when it is told to.

const host = "127.0.0.1";
const voters = ["v1", "v2", "v3"];
const agents = ["a1", "a2", "a3", "a4", "late"];
const ids = [...voters, ...agents];
const folder = mkdtempSync(join(tmpdir(), "swarm-"));
const ports = new Ports();
const children = new Map<string, ChildProcess>();
const at = new Map<string, { readonly http: number; readonly peer: number; readonly admin: number }>();

function start(id: string): void {
  const own = at.get(id);
  const book = ids.filter((other) => other !== id).map((other) => `${other}=${host}:${at.get(other)?.peer}`);
  const child = spawn(
    process.execPath,
    [
      join(packageRoot, "dist", "fixtures", "reference-swarm", "main.js"),
      `--id=${id}`,
      `--http=${host}:${own?.http}`,
      `--peer=${host}:${own?.peer}`,
      `--admin=${host}:${own?.admin}`,
      `--data=${join(folder, id)}`,
      `--voters=${voters.join(",")}`,
      `--join=${id === "late" ? "later" : "now"}`,
      "--peers",
      book.join(","),
    ],
    { stdio: "ignore" },
  );
  children.set(id, child);
}

async function end(id: string, signal: NodeJS.Signals): Promise<void> {
  const child = children.get(id);
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** What the tests look at in an answer. */
interface Answer {
  readonly status: number;
  readonly body: {
    readonly joined?: boolean;
    readonly digest?: string;
    readonly documents?: number;
    readonly leader?: string | null;
    readonly cid?: string;
    readonly members?: readonly string[];
    readonly peers?: readonly { readonly id: string; readonly heard_ms: number | null }[];
    readonly document?: Readonly<Record<string, unknown>>;
  };
}

/** The answer of a node's API; null while the node cannot be reached. */
async function call(id: string, path: string, body?: object): Promise<Answer | null> {
  const headers = { "content-type": "application/json", "idempotency-key": `${id} ${path} ${JSON.stringify(body)}` };
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers };
  try {
    const answer = await fetch(`http://${host}:${at.get(id)?.http}/api/v1${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Answer["body"] };
  } catch {
    return null;
  }
}

/** Waits until a node's answer at this path is so. */
async function until(id: string, path: string, isSo: (answer: Answer) => boolean): Promise<Answer> {
  const look = async (): Promise<Answer | null> => {
    const answer = await call(id, path);
    return answer !== null && isSo(answer) ? answer : null;
  };
  return eventually(look, { limitMs: 20_000, what: `${id} answers ${path} as expected` });
}

const isAgent = (id: string): boolean => agents.includes(id);
const live = ({ body }: Answer): number =>
  (body.peers ?? []).filter(({ heard_ms: heardMs }) => heardMs !== null && heardMs < 2500).length;

beforeAll(async () => {
  const free = await ports.take(ids.length * 3);
  for (const [place, id] of ids.entries()) {
    const [http = 0, peer = 0, admin = 0] = free.slice(place * 3, place * 3 + 3);
    at.set(id, { http, peer, admin });
  }
  for (const id of ids) start(id);
  for (const id of ids) await until(id, "/health", ({ status }) => status === 200);
});
afterAll(async () => {
  await Promise.all(ids.map((id) => end(id, "SIGTERM")));
  await ports.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("all that joined have peers and know each other; who is to join later is healthy and alone, until it is told to.", async () => {
  const joined = ids.filter((id) => id !== "late");
  for (const id of joined) {
    await until(id, "/network/peers", (answer) => live(answer) >= 3 && answer.body.members?.length === joined.length);
  }
  expect(await call("late", "/health")).toMatchObject({ status: 200, body: { role: "agent", joined: false } });
  expect(await call("late", "/network/peers")).toMatchObject({ body: { joined: false, peers: [], members: ["late"] } });
  expect((await call("late", "/network/connect", {}))?.status).toBe(202);
  for (const id of ids) await until(id, "/network/peers", ({ body }) => body.members?.length === ids.length);
  await until("late", "/network/peers", (answer) => live(answer) >= 3);
});

test("an agent says who leads, and has a voter answer its clients, each key once.", async () => {
  const { body } = await until("a1", "/consensus/leader", (answer) => voters.includes(answer.body.leader ?? ""));
  expect(body).toMatchObject({ node: "a1", role: "agent", answers: 0 });
  const write = { op: "write", key: "k", value: "v" };
  const first = await call("a1", "/consensus/propose", write);
  expect(first).toMatchObject({ status: 200, body: { node: "a1", value: "v" } });
  expect(await call("a1", "/consensus/propose", write)).toEqual(first);
  const read = await call("a2", "/consensus/propose", { op: "read", key: "k" });
  expect(read).toMatchObject({ status: 200, body: { node: "a2", value: "v" } });
});

test("an agent has no log and no elections, and says so.", async () => {
  expect(await call("a1", "/consensus/log")).toMatchObject({ status: 404 });
  const answer = await fetch(`http://${host}:${at.get("a1")?.admin}/campaign`, { method: "POST" });
  expect(answer.status).toBe(409);
});

test("an agent that is to have no more to do with a peer parts from it, and that one from it; another word says that it is no peer.", async () => {
  const peersOf = ({ body }: Answer): readonly string[] => (body.peers ?? []).map(({ id }) => id);
  const [peer = ""] = peersOf(await until("a1", "/network/peers", (answer) => peersOf(answer).some(isAgent)))
    .filter(isAgent)
    .toSorted();
  const part = async (): Promise<number> =>
    (await fetch(`http://${host}:${at.get("a1")?.http}/api/v1/network/peers/${peer}`, { method: "DELETE" })).status;
  expect(await part()).toBe(204);
  await until("a1", "/network/peers", (answer) => !peersOf(answer).includes(peer));
  await until(peer, "/network/peers", (answer) => !peersOf(answer).includes("a1"));
  expect(await part()).toBe(404);
});

test("edits on two nodes at once are the same everywhere, also at a node that was killed and started again.", async () => {
  const edits = (value: string): object => ({
    document: "d",
    edits: [
      { field: "title", kind: "register", value },
      { field: "tags", kind: "set", add: value },
      { field: "count", kind: "counter", add: 1 },
    ],
  });
  const answers = await Promise.all([call("a3", "/sync/merge", edits("x")), call("v2", "/sync/merge", edits("y"))]);
  expect(answers.map((answer) => answer?.status)).toEqual([200, 200]);
  const both = { tags: { kind: "set", values: ["x", "y"] }, count: { kind: "counter", value: 2 } };
  const agreed = async (): Promise<boolean> => {
    const states = await Promise.all(ids.map((id) => call(id, "/sync/state?document=d")));
    for (const state of states) if (state?.status !== 200) return false;
    expect(states.length).toBe(ids.length);
    return new Set(states.map((state) => state?.body.digest)).size === 1;
  };
  await eventually(agreed, { limitMs: 20_000, what: "all digests are equal" });
  expect((await call("late", "/sync/state?document=d"))?.body.document).toMatchObject(both);
  await end("a3", "SIGKILL");
  start("a3");
  const { body } = await until("a3", "/sync/state?document=d", ({ status }) => status === 200);
  expect(body.document).toMatchObject(both);
  await eventually(agreed, { limitMs: 20_000, what: "all digests are equal again" });
  expect(
    (await call("a1", "/sync/merge", { document: "d", edits: [{ field: "tags", kind: "counter", add: 1 }] }))?.status,
  ).toBe(409);
  expect((await call("a1", "/sync/state?document=none"))?.status).toBe(404);
});

test("a block that one node took is given out by another; one that nobody has is not found.", async () => {
  const content = Buffer.from("some content").toString("base64");
  const kept = await call("a1", "/storage/blocks", { content });
  expect(kept).toMatchObject({ status: 201, body: { node: "a1", size: 12 } });
  const cid = kept?.body.cid ?? "";
  for (const id of ids) {
    const found = await until(id, `/storage/blocks/${cid}`, ({ status }) => status === 200);
    expect(found.body).toMatchObject({ node: id, cid, size: 12, content });
  }
  expect((await call("a2", `/storage/blocks/${"0".repeat(64)}`))?.status).toBe(404);
  expect((await call("a2", "/storage/blocks/abc"))?.status).toBe(422);
});

interface Event {
  readonly seq?: number;
  readonly type: string;
}

/** Reads a node's events after a number, until there are so many. */
async function events(id: string, after: number, count: number): Promise<readonly Event[]> {
  const socket = new WebSocket(`ws://${host}:${at.get(id)?.http}/api/v1/events?after=${after}`);
  const read: Event[] = [];
  socket.on("message", (frame: Buffer) => read.push(JSON.parse(frame.toString("utf8")) as Event));
  await once(socket, "open");
  await eventually(() => read.length >= count, { limitMs: 20_000, what: `${id} tells ${count} events` });
  const closed = once(socket, "close");
  socket.close();
  await closed;
  return read;
}

test("events are told from any number on without a gap, and go on live.", async () => {
  const others = ids.length - 1;
  const all = await events("a4", 0, others);
  expect(all.slice(0, others).map(({ seq }) => seq)).toEqual(ids.slice(1).map((_, place) => place + 1));
  expect(all.filter(({ type }) => type === "agent.created")).toHaveLength(others);
  const rest = await events("a4", 3, others - 3);
  expect(rest[0]).toEqual(all[3]);
  const next = events("v1", all.length + 1000, others + 1);
  await end("a2", "SIGKILL");
  const told = await next;
  expect(told[0]).toMatchObject({ type: "stream.restarted" });
  expect(told.slice(1).map(({ seq }) => seq)).toEqual(told.slice(1).map((_, place) => place + 1));
});
