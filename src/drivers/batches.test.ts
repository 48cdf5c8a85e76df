import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { action, type Action, type Driver } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { JsonObject } from "../core/json.ts";
import type { NodeAccess } from "../core/node-access.ts";
import type { NodeFiles } from "../core/target.ts";
import { RunCgroups } from "./cgroup.ts";
import { CpuLimits } from "./cpu-limits.ts";
import { FileAlterations } from "./file-alterations.ts";
import { folderFailures } from "./folder-failures.ts";
import { memoryLimits } from "./memory-limits.ts";
import { NodeClocks } from "./node-clocks.ts";

const base = mkdtempSync(join(tmpdir(), "batches-"));
afterAll(() => rmSync(base, { recursive: true }));
const { signal } = new AbortController();

const names = Array.from({ length: 100 }, (_, index) => `n${index + 1}`);
/** Of a hundred nodes one is broken: whatever is done to it fails. */
const broken = "n50";
const others = names.length - 1;

/** Nodes without processes, whose data lies in a folder each; the broken one's is a plain file. */
function nodesIn(folder: string): NodeAccess {
  for (const name of names) {
    if (name === broken) writeFileSync(join(folder, name), "");
    else {
      mkdirSync(join(folder, name, "blocks"), { recursive: true });
      for (const block of ["a", "b", "c"])
        writeFileSync(join(folder, name, "blocks", `${name}-${block}`), `header${block}`);
    }
  }
  return {
    nodes: names,
    identityOf: () => null,
    dataFolderOf: (node) => join(folder, node),
    onSpawn: () => undefined,
    stop: () => undefined,
    letGo: () => undefined,
  };
}

const files: Readonly<Record<string, NodeFiles>> = {
  blocks: {
    place: { kind: "folder", folder: "blocks", match: "" },
    skipBytes: 6,
    found: null,
    open: null,
    failing: null,
  },
};
const { blocks } = files as { readonly blocks: NodeFiles };
const on = (capability: Capability, params: JsonObject, undo: Action["undo"] = "restore"): readonly Action[] =>
  names.map((node) => action({ fault: "f", capability, subject: { kind: "node", node }, params, undo }));
const count = async (driver: Driver, batch: readonly Action[]): Promise<number> =>
  (await driver.read(batch, signal)).filter((reading) => reading === "in-force").length;

/** Cgroups of version 1 in which that of the broken node cannot be written. */
function brokenCgroups(folder: string): RunCgroups {
  for (const below of ["nodes", "fault.f"]) {
    mkdirSync(join(folder, "prism-chaos.r", below), { recursive: true });
    writeFileSync(join(folder, "prism-chaos.r", below, broken), "");
  }
  return new RunCgroups({ version: 1, folder }, "r");
}

test.each<readonly [string, readonly Action[], (folder: string) => Driver]>([
  [
    "folder-failures",
    on("disk.fail", { files: "blocks" }),
    (folder) => folderFailures({ nodes: nodesIn(folder), files }),
  ],
  [
    "memory-limits",
    on("process.memory", { bytes: 4096 }),
    (folder) => memoryLimits({ cgroups: brokenCgroups(folder), nodes: nodesIn(folder), fromStart: false }),
  ],
  [
    "cpu-limits",
    on("process.cpu", { share: 0.5, of: "node", among: 100 }),
    (folder) => new CpuLimits({ cgroups: brokenCgroups(folder), nodes: nodesIn(folder), cores: 2 }),
  ],
  [
    "node-clocks",
    on("process.clock", { offsetMs: 1000 }),
    (folder) => {
      const clocks = new NodeClocks("lib", folder);
      for (const name of names) if (name !== broken) clocks.environmentOf(name);
      mkdirSync(join(folder, broken));
      return clocks;
    },
  ],
])(
  "Of %s one that fails among a hundred is told; the rest is done, and all of that is undone.",
  async (_name, batch, make) => {
    const driver = make(mkdtempSync(join(base, "run-")));
    expect(await driver.capture(batch, signal)).toHaveLength(names.length);
    await expect(driver.apply(batch, signal)).rejects.toThrow(/./);
    expect(await count(driver, batch)).toBe(others);
    await driver.remove(batch, signal).catch(() => undefined);
    expect(await count(driver, batch)).toBe(0);
  },
);

test("Files are altered on every node that has some, one that has none is told; no file is altered on two nodes.", async () => {
  const folder = mkdtempSync(join(base, "run-"));
  const driver = new FileAlterations({ nodes: nodesIn(folder), files });
  const params = { how: "flip-bit", files: "blocks", rate: 0.34, seed: "s" };
  const batch = on("disk.alter", params, "irreversible");
  const captured = await driver.capture(batch);
  expect(captured.filter(({ files: found }) => Array.isArray(found) && found.length === 1)).toHaveLength(others);
  // Asked again it has chosen already.
  const filesOf = (all: readonly JsonObject[]): readonly unknown[] => all.map(({ files: found }) => found);
  expect(filesOf(await driver.capture(batch))).toEqual(filesOf(captured));
  await expect(driver.apply(batch)).rejects.toThrow(`f/disk.alter/${broken}: there is no file`);
  expect(await count(driver, batch)).toBe(others);
  await driver.remove();
  expect(await count(driver, batch)).toBe(others);
  // As a system repairs it: written anew.
  for (const block of ["a", "b", "c"]) writeFileSync(join(folder, "n1", "blocks", `n1-${block}`), `header${block}`);
  expect(await count(driver, batch)).toBe(others - 1);
});

test("Of files with the same name on many nodes each is altered on one only: a replica must be left.", async () => {
  const folder = mkdtempSync(join(base, "run-"));
  const nodes = nodesIn(folder);
  const two = ["n1", "n2"];
  for (const node of two)
    for (const name of ["x", "y", "z"]) writeFileSync(join(folder, node, "blocks", name), "headerX");
  const replicas = {
    ...files,
    blocks: { ...blocks, place: { kind: "folder", folder: "blocks", match: "^[xyz]$" } as const },
  };
  const driver = new FileAlterations({ nodes, files: replicas });
  const params = { how: "empty", files: "blocks", rate: 0.5, seed: "s" };
  const batch = on("disk.alter", params, "irreversible").slice(0, 2);
  const altered = (await driver.capture(batch)).flatMap(
    ({ files: found }) => JSON.stringify(found).match(/blocks\/[xyz]/g) ?? [],
  );
  expect(altered.length).toBeGreaterThan(1);
  expect(new Set(altered).size).toBe(altered.length);
});

test("Nodes that hold the same few files have one each to alter, whatever the share: no node comes away with nothing.", async () => {
  const folder = mkdtempSync(join(base, "few-"));
  const nodes = nodesIn(folder);
  const same = ["n1", "n2", "n3"];
  for (const name of same) {
    rmSync(join(folder, name, "blocks"), { recursive: true });
    mkdirSync(join(folder, name, "blocks"));
    for (const block of ["a", "b", "c"]) writeFileSync(join(folder, name, "blocks", block), `header${block}`);
  }
  const driver = new FileAlterations({ nodes, files });
  const params = { files: "blocks", how: "flip-bit", rate: 1, seed: "1" };
  const batch = on("disk.alter", params, "irreversible").slice(0, 3);
  const altered = (await driver.capture(batch)).map(({ files: all }) => (Array.isArray(all) ? all.length : null));
  expect(altered).toEqual([1, 1, 1]);
});

test("A folder that fails twice comes back when both faults are healed, with what was in it; a fresh driver can put it back too.", async () => {
  const folder = mkdtempSync(join(base, "run-"));
  const nodes = nodesIn(folder);
  const driver = folderFailures({ nodes, files });
  const [first] = on("disk.fail", { files: "blocks" });
  if (first === undefined) throw new Error("no action");
  const second = { ...first, id: "g/disk.fail/n1", fault: "g" };
  await driver.apply([first], signal);
  await driver.apply([second], signal);
  expect(readFileSync(join(folder, "n1", "blocks"), "utf8")).toBe("");
  await driver.remove([first], signal);
  expect(await driver.read([second], signal)).toEqual(["in-force"]);
  await folderFailures({ nodes, files }).remove([second], signal);
  expect(readFileSync(join(folder, "n1", "blocks", "n1-a"), "utf8")).toBe("headera");
  await driver.remove([second], signal);
  expect(await driver.read([second], signal)).toEqual(["absent"]);
});
