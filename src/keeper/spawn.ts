import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment, entryFile, keeperTag } from "../core/environment.ts";

/** Starts the keeper of a run as a process of its own, before anything else is started. Its output is `keeper.log` in the run's folder. */
export function spawnKeeper(folder: string, run: string): ChildProcess {
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, "keeper.log"), "a");
  const child = spawn(process.execPath, [entryFile(), "keeper"], {
    stdio: ["ignore", log, log, "ipc"],
    // Out of the terminal's process group: Ctrl-C must reach the runner alone, so that the keeper can heal.
    detached: true,
    env: childEnvironment({ [keeperTag]: run }),
  });
  closeSync(log);
  return child;
}
