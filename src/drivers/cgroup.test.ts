import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { RunCgroups } from "./cgroup.ts";
import { cgroupPlace, cgroupRoots } from "./cgroup-places.ts";

const base = mkdtempSync(join(tmpdir(), "cgroup-"));
afterAll(() => rmSync(base, { recursive: true }));

/** A folder that looks like a cgroup hierarchy: these files with these texts. */
function hierarchy(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(base, "fs-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}
const mountLine = (root: string, behind: string, of = "/"): string =>
  `30 23 0:30 ${of} ${root} rw,relatime - ${behind}`;

test("Of version 1 the place is this process's own cgroup in the controller's hierarchy.", () => {
  const memory = hierarchy({ "user/me/cgroup.procs": "1\n" });
  const cpu = hierarchy({ "cgroup.procs": "1\n" });
  const mounts = [mountLine(memory, "cgroup cgroup rw,memory"), mountLine(cpu, "cgroup cgroup rw,cpu,cpuacct")].join(
    "\n",
  );
  const texts = { mounts, own: "4:memory:/user/me\n1:cpu,cpuacct:/elsewhere\n0::/\n" };
  expect(cgroupPlace("memory", texts)).toEqual({ version: 1, folder: join(memory, "user/me") });
  // Where its own is not to be seen, as in a container, the mount itself is the place.
  expect(cgroupPlace("cpu", texts)).toEqual({ version: 1, folder: cpu });
  expect(cgroupRoots(texts)).toEqual([memory, cpu]);
});

test("Of version 2 it is the nearest cgroup upwards that hands the controller on, or may be told to.", () => {
  const root = hierarchy({
    "cgroup.controllers": "cpu memory pids",
    "cgroup.subtree_control": "cpu memory",
    "cgroup.procs": "1\n",
    "scope/cgroup.controllers": "cpu memory",
    "scope/cgroup.subtree_control": "memory",
    "scope/cgroup.procs": "",
    "scope/own/cgroup.controllers": "memory",
    "scope/own/cgroup.subtree_control": "",
    "scope/own/cgroup.procs": "77\n",
  });
  const texts = { mounts: mountLine(root, "cgroup2 cgroup2 rw"), own: "0::/scope/own\n" };
  expect(cgroupPlace("memory", texts)).toEqual({ version: 2, folder: join(root, "scope") });
  expect(cgroupPlace("cpu", texts)).toEqual({ version: 2, folder: join(root, "scope") });
});

test.each([
  ["nothing is mounted", "", "0::/\n", "no cgroups are mounted"],
  ["no controller is there", "unified", "0::/\n", 'no cgroup may hand the controller "memory" on to one of ours'],
])("Where %s it says why there is none.", (_what, mounted, own, reason) => {
  const root = hierarchy({ "cgroup.controllers": "hugetlb", "cgroup.subtree_control": "", "cgroup.procs": "1\n" });
  const mounts = mounted === "" ? "" : mountLine(root, "cgroup2 cgroup2 rw");
  expect(cgroupPlace("memory", { mounts, own })).toEqual({ reason });
});

test("Version 2 hands the controllers on down to a node's cgroup, and takes limits in its own words.", () => {
  const folder = hierarchy({ "cgroup.controllers": "cpu memory", "cgroup.subtree_control": "" });
  const run = "prism-chaos.r";
  // The kernel makes these files in every new cgroup; here they are there before.
  for (const below of [run, `${run}/nodes`]) {
    mkdirSync(join(folder, below), { recursive: true });
    writeFileSync(join(folder, below, "cgroup.controllers"), "cpu memory");
  }
  const cgroups = new RunCgroups({ version: 2, folder }, "r");
  const of = (file: string): string => readFileSync(join(folder, run, "nodes", "n1", file), "utf8");
  cgroups.limitMemory("nodes/n1", 256 * 1024 * 1024);
  cgroups.limitCpu("nodes/n1", 0.5);
  expect([of("memory.max"), of("cpu.max")]).toEqual(["268435456", "50000 100000"]);
  expect([cgroups.memoryLimit("nodes/n1"), cgroups.cpuLimit("nodes/n1")]).toEqual([268_435_456, 0.5]);
  for (const above of ["", run, `${run}/nodes`]) {
    expect(readFileSync(join(folder, above, "cgroup.subtree_control"), "utf8")).toBe("+cpu");
  }
  cgroups.enter("nodes/n1", { pid: 77, startTime: 1 });
  expect(cgroups.has("nodes/n1", { pid: 77, startTime: 1 })).toBe(true);
  cgroups.limitMemory("nodes/n1", null);
  cgroups.limitCpu("nodes/n1", null);
  expect([of("memory.max"), of("cpu.max")]).toEqual(["max", "max 100000"]);
  expect([cgroups.memoryLimit("nodes/n1"), cgroups.cpuLimit("nodes/n1")]).toEqual([null, null]);
});

test("Version 1 takes limits in its own words; the largest number of pages is no limit.", () => {
  const folder = hierarchy({});
  const cgroups = new RunCgroups({ version: 1, folder }, "r");
  const of = (file: string): string => readFileSync(join(folder, "prism-chaos.r", "nodes", "n1", file), "utf8");
  cgroups.limitMemory("nodes/n1", 4096);
  cgroups.limitCpu("nodes/n1", 1.5);
  expect([of("memory.limit_in_bytes"), of("cpu.cfs_quota_us"), of("cpu.cfs_period_us")]).toEqual([
    "4096",
    "150000",
    "100000",
  ]);
  expect([cgroups.memoryLimit("nodes/n1"), cgroups.cpuLimit("nodes/n1")]).toEqual([4096, 1.5]);
  writeFileSync(join(folder, "prism-chaos.r", "nodes", "n1", "memory.limit_in_bytes"), "9223372036854771712\n");
  cgroups.limitCpu("nodes/n1", null);
  expect([cgroups.memoryLimit("nodes/n1"), cgroups.cpuLimit("nodes/n1")]).toEqual([null, null]);
  expect(cgroups.memoryLimit("nodes/n2")).toBe(null);
  expect(existsSync(join(folder, "prism-chaos.r", "nodes", "n2"))).toBe(false);
});
