import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { childEnvironment, entryFile, runTag } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import { within } from "../core/wait.ts";
import { goBefore, identify } from "./proc.ts";

const startLimitMs = 10_000;

/** The built-in proxy as a process of its own. */
export interface ProxyProcess {
  /** Base URL of its HTTP API. */
  readonly url: string;
  readonly process: ProcessIdentity;
  /** Calls once if it ends although nobody ended it. */
  onLost(listener: (how: string) => void): void;
  dispose(): Promise<void>;
}

/** Starts the built-in proxy. It ends by itself when this process does. Throws `HarnessError` (exit 69) if it does not come up. */
export async function startProxyProcess(run: string, signal: AbortSignal): Promise<ProxyProcess> {
  const child = spawn(process.execPath, [entryFile(), "proxy", "--port", "0", "--until-input-ends"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    env: childEnvironment({ [runTag]: run }),
  });
  let isDisposed = false;
  const dispose = async (): Promise<void> => {
    isDisposed = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  try {
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (child.pid !== undefined) goBefore(child.pid);
    if (identity === null) throw new Error("no process was started");
    const [line]: unknown[] = await once(createInterface({ input: child.stdout }), "line", {
      signal: within(startLimitMs, signal),
    });
    const onLost = (listener: (how: string) => void): void => {
      child.on("exit", (code, by) => {
        if (!isDisposed) listener(by ?? `exit code ${code}`);
      });
    };
    return { url: String(line), process: identity, onLost, dispose };
  } catch (thrown) {
    await dispose();
    throw new HarnessError("the built-in proxy did not start", {
      code: "proxy-not-started",
      exit: "unavailable",
      next: "its output is keeper.log in the run's folder",
      cause: thrown,
    });
  }
}
