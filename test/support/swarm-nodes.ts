import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ports } from "../../src/drivers/ports.ts";
import { packageRoot } from "./command-line.ts";
import { eventually } from "./eventually.ts";

const host = "127.0.0.1";

/** Anything that JSON can be. */
export type Body = Readonly<Record<string, unknown>>;

/** The answer of a node. */
export interface SwarmAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Voters of the reference swarm as they are built, each a process of its own, on loopback. */
export class SwarmNodes implements AsyncDisposable {
  readonly ids: readonly string[];
  readonly folder = mkdtempSync(join(tmpdir(), "swarm-"));
  private readonly ports = new Ports();
  private readonly children = new Map<string, ChildProcess>();
  private readonly at = new Map<string, Readonly<Record<"http" | "peer" | "admin", number>>>();
  private readonly defect: string;

  constructor(count: number, defect = "") {
    this.ids = Array.from({ length: count }, (_, place) => `n${place + 1}`);
    this.defect = defect;
  }

  /** Starts all; each is up, has heard of the others and knows who leads when this ends. */
  async start(): Promise<void> {
    const free = await this.ports.take(this.ids.length * 3);
    for (const [place, id] of this.ids.entries()) {
      const [http = 0, peer = 0, admin = 0] = free.slice(place * 3, place * 3 + 3);
      this.at.set(id, { http, peer, admin });
    }
    for (const id of this.ids) this.startOne(id);
    const isWhole = ({ status, body }: SwarmAnswer): boolean =>
      status === 200 && (body["members"] as readonly string[]).length === this.ids.length;
    for (const id of this.ids) await this.until(id, "/network/peers", isWhole);
    for (const id of this.ids) await this.until(id, "/consensus/leader", ({ body }) => body["leader"] !== null);
  }

  startOne(id: string): void {
    const own = this.at.get(id);
    const book = this.ids
      .filter((other) => other !== id)
      .map((other) => `${other}=${host}:${this.at.get(other)?.peer}`);
    const child = spawn(
      process.execPath,
      [
        "--single-threaded",
        "--always-sparkplug",
        join(packageRoot, "dist", "fixtures", "reference-swarm", "main.js"),
        `--id=${id}`,
        `--http=${host}:${own?.http}`,
        `--peer=${host}:${own?.peer}`,
        `--admin=${host}:${own?.admin}`,
        `--data=${this.data(id)}`,
        "--peers",
        book.join(","),
      ],
      { stdio: "ignore", env: { ...process.env, REFERENCE_SWARM_SWITCH: this.defect } },
    );
    this.children.set(id, child);
  }

  /** A path in the data folder of a node. */
  data(id: string, ...path: readonly string[]): string {
    return join(this.folder, id, ...path);
  }

  /** Where other nodes' connections come in. */
  peerPort(id: string): number {
    return this.at.get(id)?.peer ?? 0;
  }

  pid(id: string): number {
    return this.children.get(id)?.pid ?? 0;
  }

  /** How many of them are still at work. */
  get alive(): number {
    return [...this.children.values()].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .length;
  }

  async kill(id: string): Promise<void> {
    await this.end(id, "SIGKILL");
  }

  /** Asks a node's API: a GET, or a POST of the body. Throws if it cannot be reached. */
  async call(id: string, path: string, body?: object): Promise<SwarmAnswer> {
    return this.ask(this.url(id, path), body);
  }

  /** Where an operation of a node's API is. */
  url(id: string, path: string): string {
    return `http://${host}:${this.at.get(id)?.http}/api/v1${path}`;
  }

  /** Asks a node's fault hooks. */
  async hook(id: string, path: string, body?: object): Promise<SwarmAnswer> {
    return this.ask(`http://${host}:${this.at.get(id)?.admin}${path}`, body);
  }

  /** Waits until a node's answer at this path is so. */
  async until(id: string, path: string, isSo: (answer: SwarmAnswer) => boolean): Promise<SwarmAnswer> {
    const look = async (): Promise<SwarmAnswer | null> => {
      const answer = await this.call(id, path).catch(() => null);
      return answer !== null && isSo(answer) ? answer : null;
    };
    return eventually(look, { limitMs: 20_000, what: `${id} answers ${path} as expected` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.ids.map((id) => this.end(id, "SIGTERM")));
    await this.ports.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(id: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.children.get(id);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  private async ask(url: string, body?: object): Promise<SwarmAnswer> {
    const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers };
    const answer = await fetch(url, init);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
  }
}
