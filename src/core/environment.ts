import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { HarnessError } from "./harness-error.ts";

/** The variable by which every process that a run starts is tagged: its value is the run's id. Only what carries it is ever removed. */
export const runTag = "PRISM_CHAOS_RUN";

/** The variable by which a run's keeper itself is tagged, apart from what it starts. */
export const keeperTag = "PRISM_CHAOS_KEEPER";

/** The folder in which the user's programs keep state (XDG base directories): the index of open runs lies there. */
export function stateFolder(): string {
  const base = process.env["XDG_STATE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".local", "state"), "prism-chaos");
}

/** The folder of this package: the nearest one upwards that has a package.json, from sources and from dist alike. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** The environment of a child process: this one's, with more. */
export function childEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...more };
}

/** The value of a variable that a file refers to by name, or null where it is not set. */
export function environmentVariable(name: string): string | null {
  return process.env[name] ?? null;
}

/** `CHAOS_DURATION` (seconds: how long faults last) in ms, or null where it is not set. Throws `HarnessError` (exit 64) for what is no positive number. */
export function chaosDurationMs(): number | null {
  const text = process.env["CHAOS_DURATION"]?.trim() ?? "";
  if (text === "") return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  throw new HarnessError(`CHAOS_DURATION is "${text}"; it is a number of seconds`, {
    code: "bad-environment",
    exit: "usage",
    next: "set it to a number above 0, as CHAOS_DURATION=30, or unset it",
  });
}

/** The script that runs this program as a process of its own: over dist from dist, over the sources from the sources. */
export function entryFile(): string {
  return join(packageFolder(), "bin", import.meta.filename.endsWith(".ts") ? "dev.js" : "run.js");
}
