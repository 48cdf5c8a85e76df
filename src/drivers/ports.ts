import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { HarnessError, systemCodeOf } from "../core/harness-error.ts";
import { freshSeed, randomStream } from "../core/random.ts";

/** Below the range from which Linux draws ports for outgoing connections (32768 and up): none of those takes a port while its node is down. */
const wholeRange = { lowest: 12_000, highest: 32_000 } as const;
/** The first port of a block is its guard, the others are given out. */
const blockSize = 64;
const host = "127.0.0.1";

/**
 * TCP ports on loopback for one run, in blocks. A block is ours while we listen on its first port; every other run on this machine keeps off it, so
 * that a port which is closed for a while (a node that is down, a link that refuses) is given to nobody else. The guards end with this process.
 */
export class Ports {
  readonly #guards: Server[] = [];
  readonly #free: number[] = [];
  readonly #blocks: number[];
  readonly #range: { readonly lowest: number; readonly highest: number };

  constructor(range: { readonly lowest: number; readonly highest: number } = wholeRange) {
    this.#range = range;
    const { lowest, highest } = range;
    const count = Math.floor((highest - lowest) / blockSize);
    const starts = Array.from({ length: count }, (_, index) => lowest + index * blockSize);
    this.#blocks = [...randomStream(freshSeed(), "ports").shuffled(starts)];
  }

  /** Ports that are free now and stay ours; none is given twice. Throws `HarnessError` (exit 69) when there are none left. */
  async take(count: number): Promise<readonly number[]> {
    while (this.#free.length < count) await this.#claim();
    return this.#free.splice(0, count);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#guards.splice(0).map(close));
  }

  async #claim(): Promise<void> {
    const first = this.#blocks.pop();
    if (first === undefined) {
      throw new HarnessError(`no ports are left between ${this.#range.lowest} and ${this.#range.highest}`, {
        code: "no-ports",
        exit: "unavailable",
        next: "use fewer nodes, or wait for other runs on this machine",
      });
    }
    const guard = await listen(first);
    if (guard === null) return;
    this.#guards.push(guard);
    for (let port = first + 1; port < first + blockSize; port += 1) {
      const trial = await listen(port);
      if (trial === null) continue;
      await close(trial);
      this.#free.push(port);
    }
  }
}

/** Listens on a port, or null if somebody else does. */
async function listen(port: number): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    const listening = once(server, "listening");
    server.listen({ host, port, exclusive: true });
    await listening;
    return server;
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === "EADDRINUSE" || code === "EACCES") return null;
    throw thrown;
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}
