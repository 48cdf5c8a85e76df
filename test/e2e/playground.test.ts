import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess, everyProcessOf } from "../support/processes.ts";

const place = new Workplace();
afterAll(async () => {
  await place.call("down");
  await place[Symbol.asyncDispose]();
});

interface Up {
  readonly id: string;
  readonly holder: { readonly pid: number };
  readonly socket: string;
  readonly folder: string;
  readonly addresses: readonly { readonly node: string; readonly ports: { readonly http: number } }[];
}
interface Ps {
  readonly playgrounds: readonly {
    readonly playground: Up;
    readonly standing: {
      readonly nodes: readonly { readonly node: string; readonly isHealthy: boolean; readonly leader: string | null }[];
      readonly faults: readonly { readonly id: string; readonly nodes: readonly string[] }[];
    };
  }[];
}

async function up(...args: readonly string[]): Promise<Up> {
  const raised = await place.call("up", "--nodes", "3", "--json", ...args);
  expect(raised.stderr).not.toContain("Error");
  expect(raised.exitCode).toBe(0);
  return onlyJson(raised) as Up;
}

async function ps(): Promise<Ps["playgrounds"]> {
  return (onlyJson(await place.call("ps", "--json")) as Ps).playgrounds;
}

test("A swarm to play with stands with its addresses, is broken and healed by hand, and is taken down whole.", async () => {
  const { id, addresses } = await up();
  expect(addresses.map(({ node }) => node)).toEqual(["n1", "n2", "n3"]);
  const answered = await fetch(`http://127.0.0.1:${addresses[0]?.ports.http}/api/v1/health`);
  expect(answered.status).toBe(200);
  const paused = await place.call("inject", "pause", "--on", "n2", "--as", "still");
  expect(paused.stdout).toMatch(/in force: still \(pause\) on n2.*\n +1 of 1 actions were read back/);
  const [standing] = await ps();
  expect(standing?.playground.id).toBe(id);
  expect(standing?.standing.faults).toMatchObject([{ id: "still", nodes: ["n2"] }]);
  expect(standing?.standing.nodes.find(({ node }) => node === "n2")?.isHealthy).toBe(false);
  const twice = await place.call("inject", "pause", "--on", "n1", "--as", "still");
  expect(twice.exitCode).toBe(64);
  expect(twice.stderr).toMatch(/"still" is in force already/);
  const healed = await place.call("heal", "still");
  expect(healed.stdout).toContain(`healed  still in ${id}`);
  await eventually(async () => (await ps())[0]?.standing.nodes.every(({ isHealthy }) => isHealthy), {
    limitMs: 10_000,
    what: "three healthy nodes",
  });
  expect((await place.call("status")).stdout).toContain(`at work  ${id}`);
  expect((await place.call("down")).exitCode).toBe(0);
  expect(everyProcessOf(id)).toEqual([]);
  expect(await ps()).toEqual([]);
});

test("A fault is taken back when its time is over; one that the nodes were not asked for is refused.", async () => {
  const { id } = await up();
  expect((await place.call("inject", "isolate", "--on", "leader", "--for", "300ms")).exitCode).toBe(0);
  await eventually(async () => (await ps())[0]?.standing.faults.length === 0, {
    limitMs: 10_000,
    what: "the end of the fault",
  });
  for (const [args, message] of [
    [["paus", "--on", "n1"], /no fault "paus" \(did you mean pause\?\)/],
    [["pause", "--on", "n9"], /there is no node "n9" \(did you mean n\d\?\)/],
    [["pause"], /say whom it hits/],
    [["isolate", "--on", "n1", "--with", "mode=stal"], /isolate: /],
    [["pause", "--on", "n1", "--for", "5"], /"5" is not a duration/],
    [["pause", "--on", "n1", "--in", "playground-x"], /no playground "playground-x"/],
  ] as const) {
    const refused = await place.call("inject", ...args);
    expect(refused.exitCode).toBe(64);
    expect(refused.stderr).toMatch(message);
  }
  expect((await place.call("down", id)).stdout).toContain(`${id} was healed and taken down`);
});

test("When the holder is killed, its keeper heals and takes everything away by itself.", async () => {
  const { id, holder, socket, folder } = await up();
  expect(existsSync(socket)).toBe(true);
  expect((await place.call("inject", "pause", "--on", "n1")).exitCode).toBe(0);
  endProcess(holder.pid);
  await eventually(() => everyProcessOf(id).length === 0, { limitMs: 30_000, what: "the end of every process" });
  expect(await ps()).toEqual([]);
  // Its place and its socket are gone too; its logs stay, for whoever wants to know.
  expect(existsSync(socket)).toBe(false);
  expect(existsSync(`${folder}.json`)).toBe(false);
  expect(existsSync(join(folder, "holder.log"))).toBe(true);
  expect((await place.call("status")).exitCode).toBe(0);
});

test("A target that does not come up is told, and leaves nothing.", async () => {
  const refused = await place.call("up", "--defect", "nonsense");
  expect(refused.exitCode).toBe(69);
  expect(refused.stderr).toMatch(/did not come up/);
  expect((await place.call("status")).exitCode).toBe(0);
  expect((await place.call("up", "--nodes", "999")).exitCode).toBe(64);
});
