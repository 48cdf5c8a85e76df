import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { memoryMiB } from "./process-figures.ts";
import { callApi, output, type Part, startBuiltIn, startRedis, startToxiproxy } from "./proxy-parts.ts";

/** Connections of one process: two descriptors each, of 20 000 that a process may have here. */
const IDLE = 9500;
const BUSY = 100;
/** Over so many processes together. */
const PROCESSES = 3;
const TOGETHER = 20_000;

/** Prints what connections that idle cost, and whether so many stand in one process, and over several. */
export async function benchIdle(signal: AbortSignal): Promise<void> {
  console.log(`${IDLE} connections that idle and ${BUSY} that are busy, in one process`);
  for (const [name, start] of [
    ["toxiproxy", startToxiproxy],
    ["built-in", startBuiltIn],
  ] as const) {
    await using undo = new AsyncDisposableStack();
    const proxy = undo.use(await start(signal));
    const redis = undo.use(await startRedis(signal));
    const before = memoryMiB(proxy.pid).rss;
    const server = undo.use(await peer(["serve"], signal));
    const idlePort = await proxied(proxy, "idle", server.told);
    const busyPort = await proxied(proxy, "busy", redis.port);
    undo.use(await peer(["dial", String(idlePort), String(IDLE)], signal));
    const eachKiB = ((memoryMiB(proxy.pid).rss - before) * 1024) / IDLE;
    const descriptors = readdirSync(`/proc/${proxy.pid}/fd`).length;
    const args = ["-p", String(busyPort), "-t", "set", "-c", String(BUSY), "-n", "60000", "--csv"];
    const rate = (await output("redis-benchmark", args, signal)).trim().split("\n").at(-1)?.split(",")[1] ?? "";
    console.log(
      `  ${name.padEnd(9)} ${eachKiB.toFixed(1)} KiB each, ${descriptors} descriptors, ${rate.replaceAll('"', "")} set/s on the busy ones`,
    );
  }
  await using undo = new AsyncDisposableStack();
  const each = Math.ceil(TOGETHER / PROCESSES);
  let standing = 0;
  for (let process = 0; process < PROCESSES; process += 1) {
    const proxy = undo.use(await startBuiltIn(signal));
    const server = undo.use(await peer(["serve"], signal));
    const port = await proxied(proxy, "idle", server.told);
    standing += undo.use(await peer(["dial", String(port), String(each)], signal)).told;
  }
  console.log(`${standing} connections stand over ${PROCESSES} processes of the built-in one`);
}

/** A process of proxy-peers.ts, and the number that it told. */
interface Peer extends Disposable {
  readonly told: number;
}

async function peer(args: readonly string[], signal: AbortSignal): Promise<Peer> {
  const child = fork(join(import.meta.dirname, "proxy-peers.ts"), [...args]);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  const ended = once(child, "exit", { signal: limited }).then(() => {
    throw new Error(`${args.join(" ")} ended before it stood`);
  });
  ended.catch(() => undefined);
  const [told]: unknown[] = await Promise.race([once(child, "message", { signal: limited }), ended]);
  return { told: Number(told), [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

async function proxied(proxy: Part, name: string, port: number): Promise<number> {
  const made = await callApi(proxy.port, "/proxies", { name, listen: "127.0.0.1:0", upstream: `127.0.0.1:${port}` });
  const listen = String(Reflect.get(Object(made), "listen"));
  return Number(listen.slice(listen.lastIndexOf(":") + 1));
}
