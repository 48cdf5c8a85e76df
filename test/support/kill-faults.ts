import type { Faults } from "./kill-once.ts";

/** Faults of every kind of driver that takes something back, all in force at once: processes, links, limits, disks, hooks of the target. */
export function machineFaults(): Faults {
  return [
    { inject: "kill", on: "b" },
    { inject: "pause", on: "c" },
    { inject: "partition", sides: [["a"], ["d", "e"]], with: { mode: "stall" } },
    { inject: "memory-limit", on: ["a", "d", "e"], with: { limit: "512MiB" } },
    { inject: "cpu-limit", on: ["a", "d", "e"], with: { share: "80%", of: "swarm" } },
    { inject: "disk-fill", on: "d", with: { level: "80%" } },
    { inject: "folder-failure", on: "e", with: { files: "blocks" } },
    { inject: "service-failure", on: "a", with: { service: "sync" } },
  ];
}
