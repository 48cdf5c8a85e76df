import type { Socket } from "node:net";
import { formatAddress, parseAddress, resolveListen } from "./address.ts";
import { ApiError } from "./api-error.ts";
import { Connection } from "./connection.ts";
import type { Traffic } from "./flow.ts";
import type { Instruments } from "./instruments.ts";
import { type Listener, openListener } from "./listener.ts";
import { type Direction, Toxic, type ToxicChange, type ToxicJson, type ToxicSpec } from "./toxic.ts";

/** What a proxy is made of. */
export interface ProxySpec {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** A proxy as it goes over the wire, without the real one's leaked `Logger`. */
export interface ProxyJson extends ProxySpec {
  readonly toxics: readonly ToxicJson[];
}

/** What is passing through a proxy. */
export interface ProxyTraffic {
  /** Live now, also those of which one side is closed already. */
  readonly connections: number;
  /** Bytes since the proxy was created, those of closed connections included. */
  readonly streams: Readonly<Record<Direction, Traffic>>;
}

/** One listener, the connections through it, and its toxics. Everything but `start`, `update` and `whenStopped` acts in the same turn of the event loop. */
export class TcpProxy {
  readonly name: string;
  readonly #instruments: Instruments;
  readonly #connections = new Set<Connection>();
  readonly #past: Record<Direction, Traffic> = { upstream: nothing, downstream: nothing };
  #toxics: readonly Toxic[] = [];
  #serial = 0;
  #listen: string;
  #upstream: string;
  #listener: Listener | null = null;
  #lastClosed: Promise<void> = Promise.resolve();

  constructor(spec: Omit<ProxySpec, "enabled">, instruments: Instruments) {
    this.name = spec.name;
    this.#listen = spec.listen;
    this.#upstream = spec.upstream;
    this.#instruments = instruments;
  }

  get isEnabled(): boolean {
    return this.#listener !== null;
  }

  get toxics(): readonly Toxic[] {
    return this.#toxics;
  }

  /** Opens the port, if it is closed. Throws `ApiError` 500 if it cannot; the proxy is then disabled. */
  async start(): Promise<void> {
    if (this.#listener !== null) return;
    const listener = await openListener(this.#listen, (socket) => this.#accept(socket));
    this.#listener = listener;
    this.#listen = listener.address;
    this.#lastClosed = listener.closed;
  }

  /** Closes the port and all connections at once: the proxy is disabled. */
  stop(): void {
    this.#listener?.close();
    this.#listener = null;
    for (const connection of this.#connections) connection.destroy();
  }

  /** Resolves when the sockets of the last `stop` are gone. */
  async whenStopped(): Promise<void> {
    await this.#lastClosed;
  }

  /** Takes over a new spec (its name is ignored); a new address closes all connections, toxics stay. Throws `ApiError` 500 like `start`. */
  async update(spec: ProxySpec): Promise<void> {
    if (await this.differsFrom(spec)) {
      this.stop();
      this.#listen = spec.listen;
      this.#upstream = spec.upstream;
    }
    if (spec.enabled) await this.start();
    else this.stop();
  }

  /** Whether a spec listens elsewhere or goes elsewhere. Throws `ApiError` 500 if its `listen` is no address. */
  async differsFrom(spec: ProxySpec): Promise<boolean> {
    return formatAddress(await resolveListen(spec.listen)) !== this.#listen || spec.upstream !== this.#upstream;
  }

  find(toxic: string): Toxic | null {
    return this.#toxics.find((candidate) => candidate.spec.name === toxic) ?? null;
  }

  /** Puts a toxic on all connections, live and to come. Throws `ApiError` 409 if the name is taken. */
  addToxic(spec: ToxicSpec): Toxic {
    if (this.find(spec.name) !== null) throw new ApiError(409, "toxic already exists");
    this.#serial += 1;
    const toxic = new Toxic(spec, { proxy: this.name, serial: this.#serial, instruments: this.#instruments });
    this.#toxics = [...this.#toxics, toxic];
    for (const connection of this.#connections) connection.add(toxic);
    return toxic;
  }

  changeToxic(toxic: Toxic, change: ToxicChange): void {
    toxic.change(change);
    for (const connection of this.#connections) connection.retune(toxic);
  }

  removeToxic(toxic: Toxic): void {
    this.#toxics = this.#toxics.filter((other) => other !== toxic);
    for (const connection of this.#connections) connection.remove(toxic);
  }

  /** All toxics: first those of the upstream, then those of the downstream, each in the order of creation. */
  toxicsJson(): readonly ToxicJson[] {
    const of = (direction: Direction) => this.#toxics.filter((toxic) => toxic.spec.direction === direction);
    return [...of("upstream"), ...of("downstream")].map((toxic) => toxic.toJSON());
  }

  traffic(): ProxyTraffic {
    const of = (direction: Direction) =>
      [...this.#connections].map((connection) => connection.traffic(direction)).reduce(sum, this.#past[direction]);
    return {
      connections: this.#connections.size,
      streams: { upstream: of("upstream"), downstream: of("downstream") },
    };
  }

  toJSON(): ProxyJson {
    const { name, isEnabled: enabled } = this;
    return { name, listen: this.#listen, upstream: this.#upstream, enabled, toxics: this.toxicsJson() };
  }

  #accept(client: Socket): void {
    const connection = new Connection(client, {
      upstream: parseAddress(this.#upstream),
      toxics: this.#toxics,
      onClosed: (closed) => this.#forget(closed),
    });
    this.#connections.add(connection);
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    for (const direction of ["upstream", "downstream"] as const) {
      this.#past[direction] = sum(this.#past[direction], connection.traffic(direction));
    }
  }
}

const nothing: Traffic = { receivedBytes: 0, deliveredBytes: 0 };

function sum(left: Traffic, right: Traffic): Traffic {
  return {
    receivedBytes: left.receivedBytes + right.receivedBytes,
    deliveredBytes: left.deliveredBytes + right.deliveredBytes,
  };
}
