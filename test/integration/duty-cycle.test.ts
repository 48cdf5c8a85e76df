import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action } from "../../src/core/action.ts";
import { DutyCycle } from "../../src/drivers/duty-cycle.ts";
import { NodeProcesses } from "../../src/drivers/node-processes.ts";
import { eventually } from "../support/eventually.ts";
import { standInKeeper } from "../support/processes.ts";

const run = `duty-cycle-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "duty-cycle-"));
const keeper = standInKeeper(run);
const { signal } = new AbortController();
const limitMs = 3000;
const nodes = new NodeProcesses(run, () => undefined);
const cycle = new DutyCycle(nodes);

beforeAll(() => {
  for (const node of ["n1", "n2"]) {
    nodes.start({
      node,
      program: process.execPath,
      arguments: ["-e", "setInterval(() => {}, 1000)"],
      environment: {},
      dataFolder: join(folder, node),
      logFile: join(folder, `${node}.log`),
    });
  }
});
afterAll(async () => {
  await cycle.dispose();
  await nodes.dispose(AbortSignal.timeout(limitMs));
  keeper.end();
  rmSync(folder, { recursive: true });
});

/** One letter of /proc: T stands still. */
function stateOf(node: string): string {
  const stat = readFileSync(`/proc/${nodes.identityOf(node)?.pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
}
const stands = (node: string): boolean => stateOf(node) === "T";

test("A node stands still again and again while it is limited, and goes on for good when it is not; others are left alone.", async () => {
  const subject = { kind: "node", node: "n1" } as const;
  const params = { share: 0.5, of: "swarm", among: 1 };
  const limit = action({ fault: "f", capability: "process.cpu", subject, params, undo: "restore" });
  expect(await cycle.read([limit], signal)).toEqual(["absent"]);
  await cycle.apply([limit]);
  expect(await cycle.read([limit], signal)).toEqual(["in-force"]);
  for (let turn = 0; turn < 5; turn += 1) {
    await eventually(() => stands("n1"), { limitMs, what: "n1 standing still" });
    await eventually(() => !stands("n1"), { limitMs, what: "n1 going on" });
    expect(stands("n2")).toBe(false);
  }
  await cycle.remove([limit]);
  expect([stands("n1"), await cycle.read([limit], signal)]).toEqual([false, ["absent"]]);
  await cycle.remove([limit]);
});

test("A node that is paused stays so through its turns and their end, and one that is limited ends no pause.", async () => {
  const subject = { kind: "node", node: "n1" } as const;
  const params = { share: 0.5, of: "node", among: 1 };
  const limit = action({ fault: "f", capability: "process.cpu", subject, params, undo: "restore" });
  const pause = action({ fault: "p", capability: "process.pause", subject, params: {}, undo: "restore" });
  await nodes.apply([pause], signal);
  await cycle.apply([limit]);
  const seen: boolean[] = [];
  await eventually(() => seen.push(stands("n1")) > 40, { limitMs, what: "two turns looked at" });
  expect(seen.every(Boolean)).toBe(true);
  await cycle.remove([limit]);
  expect([stands("n1"), await nodes.read([pause])]).toEqual([true, ["in-force"]]);
  await nodes.remove([pause], signal);
  expect(stands("n1")).toBe(false);
});
