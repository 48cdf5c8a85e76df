import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Looks at mounts and cgroups by itself: what the harness says about them is what is tested, so its own look cannot be the judge.

/** Mounts and cgroups with a run's name, wherever they are. */
export function leftOnMachine(run: string): readonly string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(` prism-chaos.${run} `));
  return [...mounts, ...foldersNamed(`prism-chaos.${run}`, "/sys/fs/cgroup")];
}

function foldersNamed(name: string, folder: string): readonly string[] {
  const entries = entriesOf(folder);
  return entries.flatMap((entry) => {
    const path = join(folder, entry);
    return entry === name ? [path] : foldersNamed(name, path);
  });
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // Gone meanwhile, or not ours to read.
    return [];
  }
}
