import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { request } from "undici";
import { Ports } from "../../src/drivers/ports.ts";
import { packageRoot } from "./command-line.ts";
import { endProcess } from "./processes.ts";
import { eventually } from "./eventually.ts";

// toxiproxy-server must be there (scripts/setup-real.sh): without it these tests fail, they are not skipped.

/** Where scripts/setup-real.sh puts the real server. */
export const realFolder = join(packageRoot, ".real", "bin");
export const realServer = join(realFolder, "toxiproxy-server");

const path = process.env["PATH"] ?? "";
/** An environment in which toxiproxy-server is found, and one in which it is not. */
export const withServer = { PATH: `${realFolder}${delimiter}${path}` };
export const withoutServer = {
  PATH: path
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, "toxiproxy-server")))
    .join(delimiter),
};

function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  });
}

/** A real server that nobody of the harness started. */
export interface RealToxiproxy extends AsyncDisposable {
  readonly url: string;
  /** Lets its process stand still; resolves when every one of its threads does. */
  stop(): Promise<void>;
  goOn(): void;
  /** What it answers, whatever it is. */
  ask(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Names of the proxies that are on it. */
  proxies(): Promise<readonly string[]>;
}

/** Starts the real server on a port of its own. */
export async function serveToxiproxy(): Promise<RealToxiproxy> {
  const ports = new Ports();
  const [port = 0] = await ports.take(1);
  const child = spawn(realServer, ["-host", "127.0.0.1", "-port", String(port)], {
    stdio: "ignore",
    env: { ...process.env, LOG_LEVEL: "error" },
  });
  await once(child, "spawn");
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const ask: RealToxiproxy["ask"] = async (method, at, body) => {
    const answer = await request(`${url}${at}`, { method, body: body === undefined ? null : JSON.stringify(body) });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  const isUp = (): Promise<boolean> =>
    ask("GET", "/version").then(
      ({ status }) => status === 200,
      () => false,
    );
  await eventually(isUp, { limitMs: 10_000, what: "an answer of toxiproxy-server" });
  return {
    url,
    stop: async () => {
      child.kill("SIGSTOP");
      await eventually(() => isStopped(child.pid ?? 0), { limitMs: 5000, what: "the standstill of toxiproxy-server" });
    },
    goOn: () => void child.kill("SIGCONT"),
    ask,
    proxies: async () => Object.keys((await ask("GET", "/proxies")).body as object),
    [Symbol.asyncDispose]: async () => {
      // One that was stopped ends by this too.
      endProcess(child.pid ?? 0);
      await exited;
      await ports.dispose();
    },
  };
}
