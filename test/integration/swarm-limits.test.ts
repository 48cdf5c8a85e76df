import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../support/eventually.ts";
import { SwarmNodes, type Body, type SwarmAnswer } from "../support/swarm-nodes.ts";

// Voters as they are built, each a process of its own, held to limits that are set by hand.

const MIB = 1024 * 1024;
const PAGE_BYTES = 4096;
const swarm = new SwarmNodes(3);
beforeAll(() => swarm.start());
afterAll(() => swarm[Symbol.asyncDispose]());

/** Resident memory, as the kernel counts it, bytes. */
function residentBytes(nodes: SwarmNodes, id: string): number {
  return Number(readFileSync(`/proc/${nodes.pid(id)}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;
}

async function resources(nodes: SwarmNodes, id: string): Promise<Body> {
  return (await nodes.call(id, "/system/metrics")).body["resources"] as Body;
}

/** Asks for tasks of 8 MiB and writes a key, so many times; gives how often each answer came, and the most memory that was seen. */
async function storm(nodes: SwarmNodes, id: string, count: number) {
  const tasks: number[] = [];
  const writes: number[] = [];
  let peakBytes = 0;
  for (let round = 0; round < count; round += 1) {
    const task = nodes.call(id, "/tasks", { memory_bytes: 8 * MIB, duration_ms: 1000 });
    const write = nodes.call(id, "/consensus/propose", { op: "write", key: "k", value: `${round}` });
    for (const [statuses, { status }] of [[tasks, await task] as const, [writes, await write] as const]) {
      statuses.push(status);
    }
    peakBytes = Math.max(peakBytes, residentBytes(nodes, id));
  }
  return { tasks: new Set(tasks), writes: new Set(writes), peakBytes };
}

test("under a storm of tasks memory stays under its limit, what can wait is turned away, and writes go on; then all of it is admitted again.", async () => {
  const limit = residentBytes(swarm, "n1") + 64 * MIB;
  expect((await swarm.hook("n1", "/limits", { memory_bytes: limit })).body).toEqual({
    memory_bytes: limit,
    disk_bytes: null,
  });
  const told: string[] = [];
  const url = swarm.url("n1", "/events?after=0").replace("http", "ws");
  const socket = new WebSocket(url);
  socket.on("message", (frame: Buffer) => told.push((JSON.parse(frame.toString("utf8")) as { type: string }).type));
  const { tasks, writes, peakBytes } = await storm(swarm, "n1", 100);
  expect(tasks).toEqual(new Set([201, 429]));
  expect(writes).toEqual(new Set([200]));
  expect(peakBytes).toBeLessThan(limit);
  expect(await resources(swarm, "n1")).toMatchObject({ memory_limit_bytes: limit, throttling: true });
  await eventually(() => told.includes("system.resource.critical"), { limitMs: 5000, what: "the event is told" });
  socket.close();
  const refused = await swarm.call("n1", "/tasks", { memory_bytes: 64 * MIB, duration_ms: 0 });
  expect(refused).toMatchObject({ status: 429, body: { category: "resource-exhaustion", applied: "no" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  await swarm.hook("n1", "/limits", { memory_bytes: null });
  const begun = await swarm.call("n1", "/tasks", { memory_bytes: 8 * MIB, duration_ms: 300 });
  expect(begun.status).toBe(201);
  const isDone = ({ body }: SwarmAnswer): boolean => body["state"] === "done" && body["progress"] === 1;
  await swarm.until("n1", `/tasks/${String(begun.body["id"])}/progress`, isDone);
});

test("blocks are turned away from 80 % of a quota on, and what is kept is read.", async () => {
  const content = (text: string): object => ({ content: Buffer.from(text.repeat(10)).toString("base64") });
  await swarm.hook("n2", "/limits", { disk_bytes: 250 });
  expect((await swarm.call("n2", "/storage/blocks", content("0123456789"))).status).toBe(201);
  expect((await swarm.call("n2", "/storage/blocks", content("9876543210"))).status).toBe(201);
  expect((await swarm.call("n2", "/storage/blocks", content("5"))).status).toBe(429);
  expect(await resources(swarm, "n2")).toMatchObject({ disk_used_bytes: 200, disk_limit_bytes: 250, throttling: true });
  const cid = createHash("sha256").update("0123456789".repeat(10)).digest("hex");
  expect((await swarm.call("n2", `/storage/blocks/${cid}`)).status).toBe(200);
});

test("without coordination tasks wait, and are begun when it works again.", async () => {
  await swarm.hook("n3", "/services", { service: "coordination", dependents: false, failed: true });
  const queued = await swarm.call("n3", "/tasks", { memory_bytes: MIB, duration_ms: 1 });
  expect(queued).toMatchObject({ status: 202, body: { queued: true } });
  const path = `/tasks/${String(queued.body["id"])}/progress`;
  expect(await swarm.call("n3", path)).toMatchObject({ status: 200, body: { state: "queued", progress: 0 } });
  await swarm.hook("n3", "/services", { service: "coordination", dependents: false, failed: false });
  await swarm.until("n3", path, ({ body }) => body["state"] === "done");
});

test("a node that throttles nothing goes over its limit; one that throttles what is critical refuses writes.", async () => {
  await using careless = new SwarmNodes(1, "no-throttling");
  await careless.start();
  const limit = residentBytes(careless, "n1") + 64 * MIB;
  await careless.hook("n1", "/limits", { memory_bytes: limit });
  const over = await storm(careless, "n1", 40);
  expect(over.tasks).toEqual(new Set([201]));
  expect(over.peakBytes).toBeGreaterThan(limit);
  await using strict = new SwarmNodes(1, "critical-throttled");
  await strict.start();
  await strict.hook("n1", "/limits", { memory_bytes: residentBytes(strict, "n1") });
  const { writes } = await storm(strict, "n1", 3);
  expect(writes).toEqual(new Set([429]));
});
