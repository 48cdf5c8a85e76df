import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { environmentVariable } from "../core/environment.ts";
import { lazily } from "../core/lazily.ts";
import type { MachineFacts, Permission } from "../core/machine-facts.ts";
import { cgroupPlace, cgroupTexts, type FoundPlace } from "./cgroup-places.ts";
import { firstOf } from "./installed.ts";

/** CAP_SYS_ADMIN: what mounting takes. */
const mayMountBit = 21n;

/** What this machine permits; asked once, changing nothing. */
export const machineFacts: () => MachineFacts = lazily(() => ({
  memory: byCgroup(cgroupPlace("memory", cgroupTexts())),
  cpu: byCgroup(cgroupPlace("cpu", cgroupTexts())),
  mount: mounting(),
  prlimit: program("prlimit", "util-linux"),
  faketime: faketime(),
}));

function byCgroup(place: FoundPlace): Permission {
  if ("reason" in place) return { permitted: false, reason: place.reason };
  return { permitted: true, by: `a cgroup (version ${place.version}) below ${place.folder}` };
}

function mounting(): Permission {
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(textOf("/proc/self/status"))?.[1];
  const isPermitted = capabilities !== undefined && ((BigInt(`0x${capabilities}`) >> mayMountBit) & 1n) === 1n;
  if (!isPermitted) return { permitted: false, reason: "this user may not mount file systems" };
  const programs = ["mount", "umount"].map((name) => program(name, "mount"));
  return (
    programs.find(({ permitted }) => !permitted) ?? {
      permitted: true,
      by: "a small file system in memory for each node",
    }
  );
}

function program(name: string, packageName: string): Permission {
  const folders = [...(environmentVariable("PATH") ?? "").split(delimiter), "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
  const found = firstOf(folders.filter(Boolean).map((folder) => join(folder, name)));
  if (found !== null) return { permitted: true, by: found };
  return { permitted: false, reason: `the program ${name} is not installed (apt-get install ${packageName})` };
}

function faketime(): Permission {
  const folders = ["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""];
  const found = firstOf(
    folders.flatMap((folder) =>
      ["/usr/lib", "/usr/local/lib"].map((base) => `${base}/${folder}faketime/libfaketime.so.1`),
    ),
  );
  if (found !== null) return { permitted: true, by: found };
  return { permitted: false, reason: "libfaketime is not installed (apt-get install faketime)" };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
