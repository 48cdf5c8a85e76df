import type { Faults } from "./kill-once.ts";

/** Faults of every kind of driver that needs no permission, all in force at once: on processes, links, and by hooks of the target. */
export function machineFaults(): Faults {
  return [
    { inject: "kill", on: "b" },
    { inject: "pause", on: "c" },
    { inject: "partition", sides: [["a"], ["d", "e"]], with: { mode: "stall" } },
  ];
}
