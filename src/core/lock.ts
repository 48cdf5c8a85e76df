import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "./clock.ts";
import { HarnessError, systemCodeOf } from "./harness-error.ts";
import { until } from "./wait.ts";

/** A lock older than this was left behind by a process that was killed: its holders need well under a second. In ms. */
const staleMs = 30_000;
const waitLimitMs = 60_000;

/** Does the work while holding a folder's lock, so that two processes never write the same files at once. Throws `HarnessError` (exit 69) after a minute. */
export async function withFolderLock<T>(folder: string, work: () => T): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, ".lock");
  const signal = new AbortController().signal;
  const isOurs = await until(() => take(file), { clock: systemClock, signal, limitMs: waitLimitMs, everyMs: 20 });
  if (!isOurs) {
    throw new HarnessError(`${file} is held by another process`, {
      code: "folder-locked",
      exit: "unavailable",
      next: "wait for it, or remove that file if no prism-chaos is at work",
    });
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    closeSync(openSync(file, "wx"));
    return true;
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "EEXIST") throw thrown;
    const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (ageMs > staleMs) rmSync(file, { force: true });
    return false;
  }
}
