import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { SwarmNodes, type SwarmAnswer } from "../support/swarm-nodes.ts";

// Three voters as they are built, each a process of its own, on loopback: what fails behind their operations, and what they answer meanwhile.

const swarm = new SwarmNodes(3);
beforeAll(() => swarm.start());
afterAll(() => swarm[Symbol.asyncDispose]());

const block = (text: string): { readonly content: string } => ({ content: Buffer.from(text).toString("base64") });
const cidOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const write = (value: string): object => ({ op: "write", key: "k", value });
const isWhole = ({ status, body }: SwarmAnswer): boolean => status === 200 && body["status"] === "ok";
const stateOf = ({ body }: SwarmAnswer, service: string): string | undefined =>
  (body["capabilities"] as readonly { readonly service: string; readonly state: string }[]).find(
    (capability) => capability.service === service,
  )?.state;

test("a block that was cut or changed on the disk is never served, and is repaired from a peer.", async () => {
  expect((await swarm.call("n1", "/storage/blocks", block("some content")))?.status).toBe(201);
  const cid = cidOf("some content");
  const file = (id: string): string => swarm.data(id, "blocks", cid);
  await eventually(() => swarm.ids.every((id) => existsSync(file(id))), { limitMs: 5000, what: "three keep it" });
  const sound = readFileSync(file("n1"));
  const flipped = Buffer.from(sound);
  flipped.writeUInt8(flipped.readUInt8(12) ^ 4, 12);
  for (const damaged of [flipped, sound.subarray(0, 11)]) {
    writeFileSync(file("n1"), damaged);
    const served = await swarm.call("n1", `/storage/blocks/${cid}`);
    expect(served).toMatchObject({ status: 200, body: block("some content") });
    await eventually(() => existsSync(file("n1")) && readFileSync(file("n1")).equals(sound), {
      limitMs: 5000,
      what: "the block is repaired",
    });
  }
});

test("a block's folder that became a plain file is a failed storage: writes are queued, reads go on, proposals too; all lands when it is back.", async () => {
  const folder = swarm.data("n2", "blocks");
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  const failed = await swarm.until("n2", "/system/health", ({ status }) => status === 503);
  expect(failed.body["status"]).toBe("degraded");
  expect(stateOf(failed, "storage")).toBe("failed");
  expect(stateOf(failed, "coordination")).toBe("degraded");
  expect(stateOf(failed, "consensus")).toBe("healthy");
  expect(await swarm.call("n2", "/storage/blocks", block("queued"))).toMatchObject({
    status: 202,
    body: { cid: cidOf("queued"), queued: true },
  });
  const read = await swarm.call("n2", `/storage/blocks/${cidOf("some content")}`);
  expect(read).toMatchObject({ status: 200, body: { degraded: true } });
  const missing = await swarm.call("n2", `/storage/blocks/${cidOf("nobody has this")}`);
  expect([missing.status, missing.headers.get("retry-after")]).toEqual([503, "1"]);
  expect((await swarm.call("n2", "/consensus/propose", write("v")))?.status).toBe(200);
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
  await swarm.until("n2", "/system/health", isWhole);
  for (const id of swarm.ids) {
    await eventually(() => existsSync(swarm.data(id, "blocks", cidOf("queued"))), {
      limitMs: 5000,
      what: `${id} has it`,
    });
  }
  expect(swarm.alive).toBe(3);
});

const order = (service: string, failed: boolean, dependents = false): object => ({ service, dependents, failed });

test("without consensus proposals and reads are refused for certain, and nothing else; with dependents they fail too.", async () => {
  const ordered = await swarm.hook("n1", "/services", order("consensus", true, true));
  expect(ordered).toMatchObject({ status: 200, body: { failed: { consensus: true, sync: false } } });
  expect(await swarm.hook("n1", "/services")).toMatchObject({ status: 200, body: ordered.body });
  const refused = await swarm.call("n1", "/consensus/propose", write("refused"));
  expect(refused).toMatchObject({ status: 503, body: { applied: "no" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  const health = await swarm.call("n1", "/system/health");
  expect(health.status).toBe(503);
  expect(stateOf(health, "coordination")).toBe("failed");
  expect((await swarm.call("n2", "/consensus/propose", write("taken")))?.status).toBe(200);
  await swarm.hook("n1", "/services", order("consensus", false));
  await swarm.until("n1", "/system/health", isWhole);
  const read = await swarm.call("n1", "/consensus/propose", { op: "read", key: "k" });
  expect(read).toMatchObject({ status: 200, body: { value: "taken" } });
  expect((await swarm.hook("n1", "/services", order("nonsense", true)))?.status).toBe(422);
});

test("without p2p edits are taken and reach the others later; without sync they are refused.", async () => {
  const edit = (value: string): object => ({ document: "d", edits: [{ field: "tags", kind: "set", add: value }] });
  await swarm.hook("n1", "/services", order("p2p", true));
  expect((await swarm.call("n1", "/sync/merge", edit("x")))?.status).toBe(200);
  expect((await swarm.call("n2", "/sync/merge", edit("y")))?.status).toBe(200);
  await swarm.until("n3", "/sync/state?document=d", ({ status }) => status === 200);
  expect(await swarm.call("n1", "/network/peers")).toMatchObject({ status: 200, body: { degraded: true } });
  expect((await swarm.call("n1", "/sync/state?document=d")).body["document"]).toEqual({
    tags: { kind: "set", values: ["x"] },
  });
  await swarm.hook("n2", "/services", order("sync", true));
  expect((await swarm.call("n2", "/sync/merge", edit("z")))?.status).toBe(503);
  await swarm.hook("n1", "/services", order("p2p", false));
  await swarm.hook("n2", "/services", order("sync", false));
  const both = ({ body }: SwarmAnswer): boolean =>
    JSON.stringify(body["document"]) === '{"tags":{"kind":"set","values":["x","y"]}}';
  for (const id of swarm.ids) await swarm.until(id, "/sync/state?document=d", both);
});
