import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { createServer } from "node:net";

/** How a program answered when it was asked. */
export interface Asked {
  /** Null: it is not installed, or cannot be started. */
  readonly exitCode: number | null;
  /** The first line that it printed. */
  readonly line: string;
}

/** A program that takes longer to answer, in ms, counts as not usable: a daemon that hangs must not hang us. */
const answerLimitMs = 5000;

/** Runs a program to its end, or for 5 s, and says how it ended. Throws nothing: a program that is not there is an answer. */
export function ask(program: string, args: readonly string[]): Promise<Asked> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: answerLimitMs, encoding: "utf8" }, (error, stdout, stderr) => {
      const line = `${stdout}\n${stderr}`.trim().split("\n", 1)[0] ?? "";
      if (error === null) resolve({ exitCode: 0, line });
      else resolve({ exitCode: typeof error.code === "number" ? error.code : null, line });
    });
  });
}

/** Whether so many loopback ports are free at once. */
export async function hasFreePorts(count: number): Promise<boolean> {
  const servers = Array.from({ length: count }, () => createServer());
  const opened = await Promise.all(
    servers.map(
      (server) =>
        new Promise<boolean>((resolve) => {
          server.once("error", () => resolve(false));
          server.listen(0, "127.0.0.1", () => resolve(true));
        }),
    ),
  );
  for (const server of servers) server.close();
  return opened.every(Boolean);
}

/** Whether a path is there and may be read and written. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of these paths that is there, or null. */
export function firstOf(paths: readonly string[]): string | null {
  return paths.find((path) => existsSync(path)) ?? null;
}
