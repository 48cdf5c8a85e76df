import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

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

/** The variable by which CI says how long faults last, in seconds (spec/3-scenarios). Scenarios take it by a parameter. */
export const durationVariable = "CHAOS_DURATION";

/** The value of a variable of the environment, or null where it is not set or empty. */
export function environmentVariable(name: string): string | null {
  const text = process.env[name]?.trim() ?? "";
  return text === "" ? null : text;
}

/** Whether a terminal's line may be redrawn: not in CI, whose logs keep every state of it, and not where the terminal says that it cannot. */
export function mayRedraw(): boolean {
  const isCi = !["", "0", "false"].includes(process.env["CI"]?.toLowerCase() ?? "");
  return !isCi && process.env["TERM"] !== "dumb";
}

/** What GitHub Actions says of the step that we run in. */
export interface GithubStep {
  /** Whether its runner reads our output. */
  readonly isActions: boolean;
  /** The file to which a step's summary is appended; null: there is none. */
  readonly summaryFile: string | null;
  /** The folder of the repository; null: it is not said. */
  readonly workspace: string | null;
}

/** The step of GitHub Actions that this process runs in. */
export function githubStep(): GithubStep {
  return {
    isActions: environmentVariable("GITHUB_ACTIONS") === "true",
    summaryFile: environmentVariable("GITHUB_STEP_SUMMARY"),
    workspace: environmentVariable("GITHUB_WORKSPACE"),
  };
}

/** Whether NO_COLOR is set to anything (no-color.org): then nothing is coloured, wherever it is printed. */
export function wantsNoColour(): boolean {
  return (process.env["NO_COLOR"] ?? "") !== "";
}

/** The script that runs this program as a process of its own: over dist from dist, over the sources from the sources. */
export function entryFile(): string {
  return join(packageFolder(), "bin", import.meta.filename.endsWith(".ts") ? "dev.js" : "run.js");
}

/** Names of variables that hold secrets by every convention: nodes inherit them, and may print them. */
const secretName =
  /(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|DASHBOARD_URL|WEBHOOK_URL)$/i;

/** The values of this process's variables whose names say that they are secret. */
export function secretsInEnvironment(): readonly string[] {
  return Object.entries(process.env).flatMap(([name, value = ""]) => (secretName.test(name) ? [value] : []));
}
