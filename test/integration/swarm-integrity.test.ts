import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeFrame } from "../../fixtures/reference-swarm/wire/frames.ts";
import { cidOf, encodeBlock } from "../../fixtures/reference-swarm/blocks/block-file.ts";
import { eventually } from "../support/eventually.ts";
import { SwarmNodes, type Body, type SwarmAnswer } from "../support/swarm-nodes.ts";

// Voters as they are built, each a process of its own: what they find to be wrong with frames, blocks and their audit log.

const swarm = new SwarmNodes(3);
beforeAll(() => swarm.start());
afterAll(() => swarm[Symbol.asyncDispose]());

interface Peer {
  readonly id: string;
  readonly rtt_ms: number | null;
  readonly rejected_frames: number;
}

const peersIn = ({ body }: SwarmAnswer): readonly Peer[] => body["peers"] as readonly Peer[];
const part = ({ body }: SwarmAnswer, name: string): Body => (body[name] ?? {}) as Body;

/** Waits until a part of a node's metrics is so. */
async function metric(nodes: SwarmNodes, id: string, isSo: (answer: SwarmAnswer) => boolean): Promise<SwarmAnswer> {
  return nodes.until(id, "/system/metrics", isSo);
}

/** Writes the second record anew with another letter in it. */
function alterRecord(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, lines.with(1, (lines[1] ?? "").replace("joined", "jOined")).join("\n"));
}

async function recorded(nodes: SwarmNodes, id: string): Promise<void> {
  await metric(nodes, id, (answer) => Number(part(answer, "audit")["records"]) >= 2);
}

test("every node tells how long the way to its peers and back is.", async () => {
  const know = (answer: SwarmAnswer): boolean => peersIn(answer).every(({ rtt_ms: ms }) => ms !== null && ms < 1000);
  for (const id of swarm.ids) expect(peersIn(await swarm.until(id, "/system/health", know))).toHaveLength(2);
});

test("a frame that changed on its way is not taken, and counted for whom it came from.", async () => {
  const socket = connect(swarm.peerPort("n1"), "127.0.0.1");
  const closed = once(socket, "close");
  const frame = encodeFrame("membership", { type: "members", members: [["ghost", 1, false]] }) ?? Buffer.alloc(0);
  frame.writeUInt8(frame.readUInt8(frame.length - 3) ^ 1, frame.length - 3);
  socket.write(Buffer.concat([encodeFrame("membership", { from: "n2" }) ?? Buffer.alloc(0), frame]));
  await closed;
  const counts = (answer: SwarmAnswer): boolean =>
    peersIn(answer).some(({ id, rejected_frames: count }) => id === "n2" && count === 1);
  await swarm.until("n1", "/system/health", counts);
  expect((await swarm.call("n1", "/system/metrics")).body["wire"]).toEqual({ rejected_frames: 1 });
  expect((await swarm.call("n1", "/network/peers")).body["members"]).toEqual(["n1", "n2", "n3"]);
});

test("a block that nobody reads is looked at all the same, and repaired, also if it was torn while the node was down.", async () => {
  const content = Buffer.from("nobody reads this");
  const file = swarm.data("n1", "blocks", cidOf(content));
  await swarm.call("n1", "/storage/blocks", { content: content.toString("base64") });
  await eventually(() => swarm.ids.every((id) => existsSync(swarm.data(id, "blocks", cidOf(content)))), {
    limitMs: 5000,
    what: "three keep it",
  });
  await swarm.kill("n1");
  writeFileSync(file, encodeBlock(content).subarray(0, 12));
  swarm.startOne("n1");
  const repaired = await metric(swarm, "n1", (answer) => part(answer, "storage")["repaired"] === 1);
  expect(part(repaired, "storage")).toMatchObject({ corrupt_found: [cidOf(content)], quarantined: 0, blocks: 1 });
  expect(part(repaired, "storage")["severities"]).toMatchObject({ torn: 1, content: 0 });
  expect(readFileSync(file)).toEqual(encodeBlock(content));
});

test("an audit record that was altered is found and told, once, and the node goes on; silent tampering finds nothing.", async () => {
  await using silent = new SwarmNodes(1, "silent-tampering");
  await silent.start();
  await recorded(swarm, "n3");
  await recorded(silent, "n1");
  alterRecord(swarm.data("n3", "audit.log"));
  alterRecord(silent.data("n1", "audit.log"));
  const breached = await metric(swarm, "n3", (answer) => part(answer, "audit")["breaches"] === 1);
  expect(part(breached, "audit")["findings"]).toEqual(["record 2 was altered"]);
  await swarm.call("n3", "/storage/blocks", { content: "AAAA" });
  const more = await metric(swarm, "n3", (answer) => Number(part(answer, "audit")["records"]) >= 3);
  expect(part(more, "audit")["breaches"]).toBe(1);
  expect(part(await silent.call("n1", "/system/metrics"), "audit")["breaches"]).toBe(0);
});

/** A swarm in which the first node's own copy of a block was cut short. */
async function torn(defect: string): Promise<{ readonly nodes: SwarmNodes; readonly cid: string }> {
  const nodes = new SwarmNodes(3, defect);
  await nodes.start();
  const content = Buffer.from("some content");
  const cid = cidOf(content);
  await nodes.call("n1", "/storage/blocks", { content: content.toString("base64") });
  await eventually(() => nodes.ids.every((id) => existsSync(nodes.data(id, "blocks", cid))), {
    limitMs: 5000,
    what: "three keep it",
  });
  writeFileSync(nodes.data("n1", "blocks", cid), encodeBlock(content).subarray(0, 12));
  return { nodes, cid };
}

test.each(["serves-corrupt", "torn-accepted"])("%s serves a block that was cut short.", async (defect) => {
  const { nodes, cid } = await torn(defect);
  await using _ = nodes;
  const served = await nodes.call("n1", `/storage/blocks/${cid}`);
  expect(served).toMatchObject({ status: 200, body: { content: Buffer.from("some").toString("base64") } });
});

test("never-repairs finds a block that was cut short, and leaves it at that.", async () => {
  const { nodes, cid } = await torn("never-repairs");
  await using _ = nodes;
  const served = await nodes.call("n1", `/storage/blocks/${cid}`);
  expect(served).toMatchObject({ status: 200, body: { content: Buffer.from("some content").toString("base64") } });
  expect(part(await nodes.call("n1", "/system/metrics"), "storage")).toMatchObject({ quarantined: 1, repaired: 0 });
});
