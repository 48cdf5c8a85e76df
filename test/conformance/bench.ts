import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { connect, type Socket } from "node:net";
import { type ApiClient, type Asked, openApiClient, type Reply } from "./api-client.ts";
import { type FarServer, startEcho, startSink } from "./far-server.ts";
import { type ReadingEnd, readFrom } from "./reading-end.ts";
import type { ServerKind, ServerOptions, ServerProcess, StartServer } from "./server-process.ts";
import { expectDelays } from "./timing.ts";

/** A proxy as the API shows it. */
export interface ShownProxy {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ShownToxic[];
}

/** A toxic as the API shows it. */
export interface ShownToxic {
  readonly attributes: Readonly<Record<string, number>>;
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
}

/** A toxic as it is asked for. */
export interface WantedToxic {
  readonly type: string;
  readonly name?: string;
  readonly stream?: "upstream" | "downstream";
  readonly toxicity?: number;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** Both ends of a connection through a proxy. */
export interface Pair {
  readonly client: ReadingEnd;
  readonly far: ReadingEnd;
}

/** A proxy with the server behind it. */
export interface ProxyOnBench {
  readonly name: string;
  /** `/proxies/<name>`. */
  readonly path: string;
  readonly port: number;
  readonly far: FarServer;
  add(toxic: WantedToxic): Promise<ShownToxic>;
  /** Changes a toxic. */
  change(toxic: string, change: object): Promise<ShownToxic>;
  remove(toxic: string): Promise<void>;
  /** Changes the proxy itself. */
  update(change: object): Promise<Reply>;
  show(): Promise<ShownProxy>;
  /** A client's connection, as soon as it is made. */
  dial(): Promise<ReadingEnd>;
  /** A client's connection, as soon as the far server has its own end; one at a time. */
  open(): Promise<Pair>;
  /** As `open`, after a byte has passed each way: the server may take a moment to join the two sides. */
  openLive(): Promise<Pair>;
}

let names = 0;

/** A name that no other proxy has. */
export function freshName(): string {
  names += 1;
  return `p${names}`;
}

/** What a point works with: one server, and whatever it opens there. Its disposal takes all of that away and leaves the server empty. */
export class Bench implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly #start: StartServer;
  readonly #api: ApiClient;
  readonly #open = new AsyncDisposableStack();
  readonly #told: Set<string>;

  /** How late this process itself is woken up: what the machine adds to every delay, seen from here. */
  readonly #lateness = monitorEventLoopDelay({ resolution: 1 });

  /** `start` starts further servers of the same kind; `told` collects what the point tells of differences. */
  constructor(server: ServerProcess, start: StartServer, told: Set<string> = new Set()) {
    this.server = server;
    this.#start = start;
    this.#told = told;
    this.#api = openApiClient(server.url);
    this.#lateness.enable();
  }

  get kind(): ServerKind {
    return this.server.kind;
  }

  /** Whether the point has asked for what only one of the servers does. */
  get hasDiffered(): boolean {
    return this.#told.size > 0;
  }

  /** The longest that this process itself was kept waiting since the point began, in ms. */
  get latenessMs(): number {
    return this.#lateness.max / 1e6;
  }

  /** Every delay is at least what is stated; the least is at most `slackMs` more, and what this process itself was kept waiting. */
  expectDelays(measuredMs: readonly number[], ms: number, slackMs = 10): void {
    expectDelays(measuredMs, { ms, slackMs: slackMs + this.latenessMs });
  }

  /** What this server does where the two differ on purpose. */
  differently<T>(each: Readonly<Record<ServerKind, T>>): T {
    this.#told.add("differs");
    return each[this.kind];
  }

  /** A server for what ends or hangs the real one: a new one there, this one for the built-in, which must survive it. */
  async expendable(): Promise<Bench> {
    return this.kind === "toxiproxy" ? this.apart() : this;
  }

  /** The same with another server, for what needs flags or a server that nothing was done to. */
  async apart(options: ServerOptions = {}): Promise<Bench> {
    const server = this.#open.use(await this.#start(options));
    return this.#open.use(new Bench(server, this.#start, this.#told));
  }

  call(verb: string, path: string, asked?: Asked): Promise<Reply> {
    return this.#api.call(verb, path, asked);
  }

  /** As `call`; throws unless the answer has this status. */
  async expectStatus(status: number, verb: string, path: string, body?: unknown): Promise<Reply> {
    const reply = await this.call(verb, path, { body });
    if (reply.status !== status)
      throw new Error(`${verb} ${path}: ${reply.status} instead of ${status}: ${reply.text.trim()}`);
    return reply;
  }

  /** A server that is silent and counts. */
  async sink(port = 0): Promise<FarServer> {
    return this.#open.use(await startSink(port));
  }

  /** A folder that is removed at the end of the point. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), "proxy-point-"));
    this.#open.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Keeps something until the end of the point. */
  keep<T extends AsyncDisposable>(held: T): T {
    return this.#open.use(held);
  }

  /** A proxy before a server that echoes. */
  async echo(toxics: readonly WantedToxic[] = []): Promise<ProxyOnBench> {
    return this.proxy(toxics, this.#open.use(await startEcho()));
  }

  /** A proxy before a server that is silent and counts, with toxics on it. */
  async proxy(toxics: readonly WantedToxic[] = [], behind?: FarServer): Promise<ProxyOnBench> {
    const far = behind ?? (await this.sink());
    const name = freshName();
    const wanted = { name, listen: "127.0.0.1:0", upstream: far.address };
    const shown = proxyIn(await this.expectStatus(201, "POST", "/proxies", wanted));
    const proxy = this.#onBench(shown, far);
    for (const toxic of toxics) await proxy.add(toxic);
    return proxy;
  }

  /** Connects to a port of loopback; both sides of the connection are kept open until the end of the point. */
  async dial(port: number): Promise<ReadingEnd> {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
    const end = readFrom(this.keepSocket(socket));
    await once(socket, "connect");
    return end;
  }

  /** Closes a socket at the end of the point, whatever becomes of it. */
  keepSocket(socket: Socket): Socket {
    socket.on("error", () => {});
    this.#open.defer(() => void socket.destroy());
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.server.isRunning()) await this.#empty();
    this.#lateness.disable();
    this.#api[Symbol.dispose]();
    await this.#open.disposeAsync();
  }

  /** A server that hangs is one of the point's own, and is ended anyway. */
  async #empty(): Promise<void> {
    try {
      const proxies = Object.keys((await this.call("GET", "/proxies", { limitMs: 2000 })).json() as object);
      for (const name of proxies) {
        await this.call("DELETE", `/proxies/${encodeURIComponent(name)}`, { limitMs: 2000 });
      }
    } catch (thrown) {
      if (!(thrown instanceof Error && thrown.name === "TimeoutError") && this.server.isRunning()) throw thrown;
    }
  }

  #onBench(shown: ShownProxy, far: FarServer): ProxyOnBench {
    const port = portIn(shown.listen);
    const path = `/proxies/${shown.name}`;
    const dial = (): Promise<ReadingEnd> => this.dial(port);
    const open = async (): Promise<Pair> => {
      const index = far.ends.length;
      const client = await dial();
      return { client, far: await far.accepted(index) };
    };
    return {
      name: shown.name,
      path,
      port,
      far,
      dial,
      add: async (toxic) => toxicIn(await this.expectStatus(200, "POST", `${path}/toxics`, toxic)),
      change: async (toxic, change) =>
        toxicIn(await this.expectStatus(200, "PATCH", `${path}/toxics/${toxic}`, change)),
      remove: async (toxic) => void (await this.expectStatus(204, "DELETE", `${path}/toxics/${toxic}`)),
      update: (change) => this.expectStatus(200, "PATCH", path, change),
      show: async () => proxyIn(await this.expectStatus(200, "GET", path)),
      open,
      openLive: async () => {
        const pair = await open();
        for (const [from, to] of [
          [pair.client, pair.far],
          [pair.far, pair.client],
        ] as const) {
          from.socket.write("x");
          await to.untilBytes(1);
        }
        return pair;
      },
    };
  }
}

/** The proxy in an answer. */
export function proxyIn(reply: Reply): ShownProxy {
  return reply.json() as ShownProxy;
}

/** The toxic in an answer. */
export function toxicIn(reply: Reply): ShownToxic {
  return reply.json() as ShownToxic;
}

/** The port of `host:port`. */
export function portIn(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
