import { availableParallelism } from "node:os";

/** How many cores this machine gives its processes. */
export function machineCores(): number {
  return availableParallelism();
}
