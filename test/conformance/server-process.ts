import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

/** `toxiproxy` is the real server, `built-in` is `prism-chaos proxy`. */
export type ServerKind = "built-in" | "toxiproxy";

/** A server in a process of its own. Its disposal ends it. */
export interface ServerProcess extends AsyncDisposable {
  readonly kind: ServerKind;
  /** The API's base, without a slash behind it. */
  readonly url: string;
  isRunning(): boolean;
  /** How many files and sockets the process has open. */
  openFiles(): number;
}

/** What a server is started with, in the words that both have. */
export interface ServerOptions {
  readonly seed?: string;
  /** Flags without the dashes in front of them; both servers know the same ones, but for `strict`. */
  readonly flags?: readonly string[];
}

/** Starts a server of one kind. */
export type StartServer = (options?: ServerOptions) => Promise<ServerProcess>;

/** Starts `prism-chaos proxy` from the sources, on a free port. */
export async function startBuiltIn(options: ServerOptions = {}): Promise<ServerProcess> {
  const words = [join(packageRoot, "bin", "dev.js"), "proxy", "--port", "0", ...wordsOf(options, "--")];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), once(child, "close")]);
  const url: unknown = first[0];
  if (typeof url !== "string") throw new Error(`the built-in server ended before it listened: ${told}`);
  return processOf(child, "built-in", url.trim());
}

/** Starts the real server, on a free port. */
export async function startToxiproxy(options: ServerOptions = {}): Promise<ServerProcess> {
  const port = await freePort();
  const words = ["-host", "127.0.0.1", "-port", String(port), ...wordsOf(options, "-")];
  const child = spawn(toxiproxyBinary(), words, { stdio: ["ignore", "ignore", "inherit"] });
  const started = processOf(child, "toxiproxy", `http://127.0.0.1:${port}`);
  await eventually(() => isUp(started.url), { limitMs: 10_000, what: "the real server's API" });
  return started;
}

/** Where the real server is: in `.real/bin` of this repository, or on the PATH. Throws if it is nowhere. */
export function toxiproxyBinary(): string {
  const folders = [join(packageRoot, ".real", "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, "toxiproxy-server")).find((file) => existsSync(file));
  if (found === undefined) throw new Error("toxiproxy-server is not there; scripts/setup-real.sh installs it");
  return found;
}

/** A port of loopback that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}

function wordsOf({ seed, flags = [] }: ServerOptions, dashes: string): readonly string[] {
  const all = seed === undefined ? flags : ["seed", seed, ...flags];
  const names = new Set(["seed", "config", "proxy-metrics", "runtime-metrics", "strict"]);
  return all.map((word) => (names.has(word) ? dashes + word : word));
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/version`)).ok;
  } catch {
    return false;
  }
}

function processOf(child: ChildProcess, kind: ServerKind, url: string): ServerProcess {
  const ended = once(child, "exit");
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    kind,
    url,
    isRunning,
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async [Symbol.asyncDispose]() {
      if (isRunning()) child.kill("SIGKILL");
      await ended;
    },
  };
}
