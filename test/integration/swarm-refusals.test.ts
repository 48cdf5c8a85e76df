import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { channels, encodeFrame } from "../../fixtures/reference-swarm/wire/frames.ts";
import { packageRoot } from "../support/command-line.ts";
import { SwarmNodes, type Body } from "../support/swarm-nodes.ts";

// Voters as they are built, each a process of its own: what they turn away, and that they go on.

const swarm = new SwarmNodes(2);
beforeAll(() => swarm.start());
afterAll(() => swarm[Symbol.asyncDispose]());

/** The status of an answer, and why. */
async function statusOf(url: string, init: RequestInit): Promise<string> {
  const answer = await fetch(url, { ...init, headers: { "idempotency-key": crypto.randomUUID() } });
  const { detail = "" } = answer.status === 204 ? {} : ((await answer.json()) as { readonly detail?: string });
  return `${answer.status} ${detail}`;
}

const post = (body: object | string): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
});

test.for<[path: string, init: RequestInit, answer: string]>([
  ["/nothing", {}, "404 nothing is at /api/v1/nothing"],
  ["/consensus/leader", post({}), "405 /api/v1/consensus/leader has no POST"],
  ["/sync/merge", post("{"), "400 the body is not JSON"],
  ["/sync/merge", post("x".repeat(512 * 1024 + 1)), "413 a body has at most 524288 bytes"],
  ["/storage/blocks", post({ content: "A".repeat(349_528) }), "413 a block has at most 262144 bytes"],
  ["/consensus/log?from=0", {}, "422 parameter/from must be >= 1"],
  ["/storage/blocks/%zz", {}, "422 parameter/cid must match pattern"],
  ["/network/connect", post({ peer: "n9" }), "404 the address book of n1 has no n9"],
  ["/network/peers/n9", { method: "DELETE" }, "404 n9 is no peer of this node"],
  ["/network/peers/n2", { method: "DELETE" }, "409 n2 is a voter, as this node is: they stay connected"],
  ["/sync/merge", post({ document: "d", state: { fields: 1 } }), "422 state is not that of a document"],
])("an API's %s is refused for certain: %s %s.", async ([path, init, answer]) => {
  expect(await statusOf(swarm.url("n1", path), init)).toContain(answer);
});

test("a compare-and-set of another value is refused with what is there; the log has all that was asked, behind the leader's first entry.", async () => {
  const propose = async (body: object) => swarm.call("n1", "/consensus/propose", body);
  expect(await propose({ op: "write", key: "k", value: "v" })).toMatchObject({ status: 200 });
  const other = await propose({ op: "cas", key: "k", expected: "w", value: "x" });
  expect(other).toMatchObject({ status: 409, body: { applied: "no", detail: 'k is "v"' } });
  const ops = ({ body }: { readonly body: Body }): readonly unknown[] =>
    (body["entries"] as readonly Body[]).map(({ op, key, value }) => [op, key, value]);
  // What is committed is told to the others a moment later.
  const log = await swarm.until("n1", "/consensus/log?from=1&limit=1000", (answer) => ops(answer).length >= 3);
  expect(ops(log)).toEqual([
    ["none", null, null],
    ["write", "k", "v"],
    ["cas", "k", "x"],
  ]);
});

test("the state of a document that a client brings is merged, and read again.", async () => {
  const register = { kind: "register", entries: [["c", 1, 1, "text"]], context: [["c", 1]] };
  const merged = await swarm.call("n1", "/sync/merge", { document: "b", state: { fields: [["title", register]] } });
  expect(merged.status).toBe(200);
  const { body } = await swarm.until("n2", "/sync/state?document=b", ({ status }) => status === 200);
  expect(body["document"]).toEqual({ title: { kind: "register", values: ["text"] } });
  expect((await swarm.call("n1", "/sync/conflicts")).body).toMatchObject({ node: "n1", open: [] });
});

test("fault hooks refuse what they cannot order, and say what it must be.", async () => {
  const { body } = await swarm.call("n1", "/consensus/leader");
  const leader = String(body["leader"]);
  const asked = async (path: string, what: object): Promise<unknown> => {
    const answer = await swarm.hook(leader, path, what);
    return [answer.status, answer.body["detail"]];
  };
  expect(await asked("/nothing", {})).toEqual([404, "nothing is at POST /nothing"]);
  expect(await asked("/elections", { held: 1 })).toEqual([422, "the body is {held: boolean}"]);
  expect(await asked("/campaign", {})).toEqual([409, "this node leads"]);
  expect(await asked("/limits", { memory_bytes: 0 })).toEqual([
    422,
    "the body is {memory_bytes, disk_bytes}, each a number from 1 or null",
  ]);
  expect(await asked("/services", { service: "cooking", failed: true })).toEqual([
    422,
    "the body is {service, dependents: boolean, failed: boolean}",
  ]);
});

test("events after no number are refused, and so is another path.", async () => {
  for (const path of ["/events?after=-1", "/events?after=x", "/happenings"]) {
    const socket = new WebSocket(swarm.url("n1", path).replace("http", "ws"));
    const [error] = (await once(socket, "error").catch((reason: unknown) => [reason])) as [Error];
    expect([path, error.message]).toEqual([path, "Unexpected server response: 400"]);
  }
});

/** What a stranger or a peer says to a node, frame after frame; ends when the node hangs up. */
async function hungUpOn(...frames: readonly (Buffer | null)[]): Promise<void> {
  const socket = connect(swarm.peerPort("n1"), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.resume();
  const closed = once(socket, "close");
  for (const frame of frames) socket.write(frame ?? Buffer.alloc(0));
  await closed;
}

/** A frame of any payload, on any channel, that came as it was sent. */
function frameOf(payload: Buffer, channel: number, bytes = payload.length): Buffer {
  const frame = encodeFrame("consensus", {}) ?? Buffer.alloc(0);
  const header = frame.subarray(0, 11);
  header.writeUInt32BE(bytes, 0);
  header.writeUInt8(channel, 4);
  header.writeUInt32BE(crc32(payload), 5);
  let check = 0;
  for (const byte of header.subarray(0, 9)) check = (((check << 5) | (check >>> 11)) & 0xff_ff) ^ byte;
  header.writeUInt16BE(check, 9);
  return Buffer.concat([header, payload]);
}

const hello = encodeFrame("membership", { from: "n2" });
const nonsense = channels.map((channel): [string, Buffer | null, Buffer | null] => [
  `nonsense about ${channel}`,
  hello,
  encodeFrame(channel, { type: "nonsense" }),
]);

test.for<[what: string, first: Buffer | null, second: Buffer | null]>([
  ...nonsense,
  ["a name that is not in the book", encodeFrame("membership", { from: "ghost" }), null],
  ["no name at first", encodeFrame("consensus", { from: "n2" }), null],
  ["what is no JSON", hello, frameOf(Buffer.from("{"), 0)],
  ["a channel that there is not", hello, frameOf(Buffer.from("{}"), 99)],
  ["a length beyond all bounds", hello, frameOf(Buffer.from("{}"), 0, 2 ** 31)],
])("whoever says %s is hung up on, and the node goes on.", async ([, first, second]) => {
  await hungUpOn(first, second);
  expect((await swarm.call("n1", "/health")).body).toMatchObject({ status: "ok" });
});

test("a node that a peer shows another head than its own tells so of its audit log, and goes on.", async () => {
  const socket = connect(swarm.peerPort("n1"), "127.0.0.1");
  const witness = encodeFrame("audit", { type: "witness", seq: 100_000, hash: "a".repeat(64) });
  socket.write(Buffer.concat([hello ?? Buffer.alloc(0), witness ?? Buffer.alloc(0)]));
  const findings = ({ body }: { readonly body: Body }): readonly string[] =>
    (body["audit"] as { readonly findings: readonly string[] }).findings;
  const told = await swarm.until("n1", "/system/metrics", (answer) => findings(answer).length > 0);
  expect(findings(told)).toEqual(["record 100000, of which a peer was told, is not here"]);
  socket.destroy();
});

test("what a node cannot be started with is an exit code and a sentence: 64 of the command line, 69 of a port, 74 of a folder.", () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-refused-"));
  const main = join(packageRoot, "dist", "fixtures", "reference-swarm", "main.js");
  const taken = swarm.peerPort("n1");
  const started = (data: string, http: number, ...more: readonly string[]): readonly unknown[] => {
    const argv = ["--id=x", `--http=127.0.0.1:${http}`, "--peer=127.0.0.1:0", "--admin=127.0.0.1:0", `--data=${data}`];
    const { status, stderr } = spawnSync(process.execPath, [main, ...argv, ...more], { encoding: "utf8" });
    return [status, stderr];
  };
  const file = join(folder, "file");
  writeFileSync(file, "");
  mkdirSync(join(folder, "own"));
  try {
    expect(started(join(folder, "own"), 0, "--join=soon")).toEqual([
      64,
      'reference-swarm: --join is now or later, not "soon"\n',
    ]);
    expect(started(join(folder, "own"), taken)).toEqual([
      69,
      expect.stringContaining("the HTTP port cannot be opened"),
    ]);
    expect(started(file, 0)).toEqual([74, expect.stringMatching(/^reference-swarm: .+\n$/)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
