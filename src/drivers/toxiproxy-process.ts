import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { systemClock } from "../core/clock.ts";
import { childEnvironment, environmentVariable, runTag } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { until } from "../core/wait.ts";
import { goBefore, identify } from "./proc.ts";
import type { ProxyProcess } from "./proxy-process.ts";
import { askProxyServer } from "./proxy-server.ts";

/** The program of a real Toxiproxy. */
export const toxiproxyProgram = "toxiproxy-server";

const startLimitMs = 10_000;

/** A server that is to be started for a run. */
export interface ToxiproxyStart {
  readonly run: string;
  /** Port of its API, on loopback. Chosen here: the server tells of none that it chose itself. */
  readonly port: number;
  readonly send: HttpTransport;
}

/** The program's file in the PATH, or null. */
export function toxiproxyFile(): string | null {
  const folders = (environmentVariable("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, toxiproxyProgram)).find(isProgram) ?? null;
}

/** Starts the program of the PATH. It is ended by `dispose`; what a killed keeper left of it is found by its tag. Throws `HarnessError` (exit 69). */
export async function startToxiproxyProcess(
  { run, port, send }: ToxiproxyStart,
  signal: AbortSignal,
): Promise<ProxyProcess> {
  const child = spawn(toxiproxyProgram, ["-host", "127.0.0.1", "-port", String(port)], {
    // Its log goes where the keeper's goes.
    stdio: ["ignore", 2, 2],
    detached: true,
    env: childEnvironment({ [runTag]: run, LOG_LEVEL: "error" }),
  });
  const exited = new Promise<void>(
    (resolve) => void child.once("exit", () => resolve()).once("error", () => resolve()),
  );
  let isDisposed = false;
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const dispose = async (): Promise<void> => {
    isDisposed = true;
    if (hasEnded()) return;
    child.kill("SIGKILL");
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await once(child, "spawn", { signal });
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (child.pid !== undefined) goBefore(child.pid);
    await answers({ url, send, hasEnded }, signal);
    if (identity === null || hasEnded()) throw new Error("it ended at once");
    const onLost = (listener: (how: string) => void): void => {
      child.on("exit", (code, by) => {
        if (!isDisposed) listener(by ?? `exit code ${code}`);
      });
    };
    return { url, process: identity, onLost, dispose };
  } catch (thrown) {
    await dispose();
    throw notStarted(toxiproxyProgram, thrown);
  }
}

interface Starting {
  readonly url: string;
  readonly send: HttpTransport;
  readonly hasEnded: () => boolean;
}

/** Waits for a server's first answer, or its end. Throws where there is none in time. */
export async function answers({ url, send, hasEnded }: Starting, signal: AbortSignal): Promise<void> {
  const isUp = async (): Promise<boolean> => hasEnded() || "kind" in (await askProxyServer(url, send, signal));
  if (await until(isUp, { clock: systemClock, signal, limitMs: startLimitMs, everyMs: 20 })) return;
  throw new Error(`it did not answer at ${url} within ${startLimitMs / 1000} s`);
}

/** That a Toxiproxy which was to be started did not come up. */
export function notStarted(what: string, cause: unknown): HarnessError {
  const said = cause instanceof Error ? `: ${cause.message}` : "";
  return new HarnessError(`${what} did not start${said}`, {
    code: "proxy-not-started",
    exit: "unavailable",
    next: "its output is keeper.log in the run's folder; --proxy builtin needs neither program nor container",
    cause,
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
