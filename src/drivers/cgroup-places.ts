import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Where a cgroup of ours may be made, and which version of cgroups rules there. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  /** Absolute path of the cgroup below which ours stands. */
  readonly folder: string;
}

/** A place, or why there is none. */
export type FoundPlace = CgroupPlace | { readonly reason: string };

/** What the system says of cgroups: the texts of two files of /proc. */
export interface CgroupTexts {
  /** /proc/self/mountinfo */
  readonly mounts: string;
  /** /proc/self/cgroup */
  readonly own: string;
}

/** The texts of this process; empty ones where there is no /proc. */
export function cgroupTexts(): CgroupTexts {
  return { mounts: textOf("/proc/self/mountinfo"), own: textOf("/proc/self/cgroup") };
}

/** Where a cgroup with this controller may be made: version 1 first, because a controller is in one version only. */
export function cgroupPlace(controller: "memory" | "cpu", texts: CgroupTexts): FoundPlace {
  const mounts = cgroupMounts(texts.mounts);
  const old = mounts.find(({ type, options }) => type === "cgroup" && options.includes(controller));
  if (old !== undefined) {
    const folder = ownFolder(old, pathIn(texts.own, controller));
    return isWritable(folder) ? { version: 1, folder } : { reason: `the cgroup ${folder} is not writable` };
  }
  const unified = mounts.filter(({ type }) => type === "cgroup2");
  if (unified.length === 0) return { reason: "no cgroups are mounted" };
  for (const mount of unified) {
    const folder = unifiedFolder(mount, { path: pathIn(texts.own, ""), controller });
    if (folder !== null) return { version: 2, folder };
  }
  return { reason: `no cgroup may hand the controller "${controller}" on to one of ours` };
}

/** The folders at which cgroups are mounted. */
export function cgroupRoots({ mounts }: Pick<CgroupTexts, "mounts">): readonly string[] {
  return cgroupMounts(mounts).map(({ folder }) => folder);
}

interface CgroupMount {
  readonly type: string;
  readonly folder: string;
  /** Which cgroup of the hierarchy is mounted. */
  readonly root: string;
  readonly options: readonly string[];
}

/** Lines of mountinfo: fields before a hyphen (root is the fourth, folder the fifth), and type, source and options behind it. */
function cgroupMounts(text: string): readonly CgroupMount[] {
  return text.split("\n").flatMap((line) => {
    const [before = "", behind = ""] = line.split(" - ", 2);
    const [, , , root = "/", folder = ""] = before.split(" ");
    const [type = "", , options = ""] = behind.split(" ");
    return type.startsWith("cgroup") && folder !== "" ? [{ type, folder, root, options: options.split(",") }] : [];
  });
}

/** This process's cgroup in the hierarchy of a controller ("": the unified one). */
function pathIn(text: string, controller: string): string {
  const found = text.split("\n").find((line) => line.split(":")[1]?.split(",").includes(controller) === true);
  return found?.split(":").slice(2).join(":") ?? "/";
}

/** The folder of a cgroup; that of the mount where it lies outside of what is mounted. */
function ownFolder({ folder, root }: CgroupMount, path: string): string {
  const below = relative(root, path);
  const own = join(folder, below);
  return below.startsWith("..") || !existsSync(own) ? folder : own;
}

/** The nearest cgroup upwards that hands the controller on, or can be told to: only one without processes of its own, or the root. */
function unifiedFolder(
  mount: CgroupMount,
  { path, controller }: { readonly path: string; readonly controller: string },
): string | null {
  for (let folder = ownFolder(mount, path); folder.startsWith(mount.folder); folder = dirname(folder)) {
    const isHandedOn = wordsOf(join(folder, "cgroup.subtree_control")).includes(controller);
    const isThere = wordsOf(join(folder, "cgroup.controllers")).includes(controller);
    const mayHandOn = folder === mount.folder || wordsOf(join(folder, "cgroup.procs")).length === 0;
    if (isWritable(folder) && (isHandedOn || (isThere && mayHandOn))) return folder;
  }
  return null;
}

function wordsOf(file: string): readonly string[] {
  return textOf(file).split(/\s+/).filter(Boolean);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not there, or not ours to read: either way it says nothing.
    return "";
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
