import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pause } from "../src/core/wait.ts";

const root = join(import.meta.dirname, "..");
/** What starts must answer within this, ms. */
const START_LIMIT_MS = 20_000;

/** A process of the benchmark, with the port that it listens on; its disposal ends it. */
export interface Part extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** The real Toxiproxy, as scripts/setup-real.sh installs it, or from PATH. */
export async function startToxiproxy(signal: AbortSignal): Promise<Part> {
  const port = await freePort();
  const path = [join(root, ".real", "bin"), process.env["PATH"] ?? ""].join(delimiter);
  return started("toxiproxy-server", ["-host", "127.0.0.1", "-port", String(port)], { port, signal, path });
}

/** The built-in proxy alone, as the command line has it. */
export async function startBuiltIn(signal: AbortSignal): Promise<Part> {
  const port = await freePort();
  return started(process.execPath, [join(root, "bin", "run.js"), "proxy", "--port", String(port)], { port, signal });
}

/** A redis-server that stores nothing on disk. */
export async function startRedis(signal: AbortSignal): Promise<Part> {
  const port = await freePort();
  const maxClients = ["--maxclients", "10000"];
  return started("redis-server", ["--port", String(port), "--save", "", "--appendonly", "no", ...maxClients], {
    port,
    signal,
  });
}

/** An nginx that serves `/small` of 100 bytes and `/large` of 1 MiB. */
export async function startNginx(signal: AbortSignal): Promise<Part> {
  const folder = mkdtempSync(join(tmpdir(), "prism-chaos-bench-"));
  const port = await freePort();
  writeFileSync(join(folder, "small"), "x".repeat(100));
  writeFileSync(join(folder, "large"), "x".repeat(1024 * 1024));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const settings = [
    `pid ${join(folder, "pid")}; daemon off; master_process off; error_log stderr crit;`,
    "events { worker_connections 4096; }",
    `http { access_log off; sendfile on; keepalive_requests 100000000; ${temporary.join(" ")}`,
    `server { listen 127.0.0.1:${port} backlog=4096; root ${folder}; } }`,
  ];
  const file = join(folder, "nginx.conf");
  writeFileSync(file, settings.join("\n"));
  const nginx = await started("nginx", ["-e", "stderr", "-p", folder, "-c", file], { port, signal });
  return {
    ...nginx,
    [Symbol.asyncDispose]: async () => {
      await nginx[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a program printed on its way to exit code 0. */
export async function output(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const child = spawn(program, [...args], { stdio: ["ignore", "pipe", "pipe"], signal });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", reject).on("close", resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${text}`);
  return text;
}

/** Calls an API of a proxy; the body that it answers. Throws for anything but 2xx. */
export async function callApi(port: number, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

interface Start {
  readonly port: number;
  readonly signal: AbortSignal;
  readonly path?: string;
}

async function started(program: string, args: readonly string[], { port, signal, path }: Start): Promise<Part> {
  const env = path === undefined ? process.env : { ...process.env, PATH: path };
  const child = spawn(program, [...args], { stdio: ["ignore", "ignore", "inherit"], env });
  const failed = new Promise<never>((_, reject) => {
    child.on("error", (cause) =>
      reject(new Error(`${program} cannot be started; scripts/setup-real.sh installs it`, { cause })),
    );
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code} while it was starting`)));
  });
  await Promise.race([failed, answering(port, AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]))]);
  return { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  child.kill("SIGKILL");
  await promise;
}

async function answering(port: number, signal: AbortSignal): Promise<void> {
  while (!(await accepts(port))) await pause(20, signal);
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, "127.0.0.1");
  socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().on("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => resolve(address === null || typeof address === "string" ? 0 : address.port));
  });
  return promise;
}
