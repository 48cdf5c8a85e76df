import type { Socket } from "node:net";
import { formatAddress, parseAddress, resolveListen } from "./address.ts";
import { Connection } from "./connection.ts";
import type { Instruments } from "./instruments.ts";
import type { Ledger, Way } from "./ledger.ts";
import { type Listener, openListener } from "./listener.ts";
import type { Direction, Toxic, ToxicJson } from "./toxic.ts";
import { ToxicList } from "./toxic-list.ts";
import { type CloseCause, noTraffic, sumOfTraffic, type Traffic } from "./traffic.ts";

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
  /** All that were accepted since the proxy was created. */
  readonly opened: number;
  /** Those that are over, by what ended them. */
  readonly closed: Readonly<Record<CloseCause, number>>;
  /** Since the proxy was created, closed connections included. */
  readonly streams: Readonly<Record<Direction, Traffic>>;
}

/** A connection's number in the life of its proxy, and which way it goes. */
interface Place {
  readonly number: number;
  readonly way: Omit<Way, "direction">;
}

const directions = ["upstream", "downstream"] as const;

/** One listener, the connections through it, and its toxics. Everything but `start`, `update` and `whenStopped` acts in the same turn of the event loop. */
export class TcpProxy {
  readonly name: string;
  readonly toxics: ToxicList;
  readonly #instruments: Instruments;
  readonly #connections = new Map<Connection, Place>();
  readonly #past: Record<Direction, Traffic> = { upstream: noTraffic, downstream: noTraffic };
  readonly #closed: Record<CloseCause, number>;
  #opened = 0;
  #listen: string;
  #upstream: string;
  #isEnabled = false;
  #listener: Listener | null = null;
  #opening: Promise<void> | null = null;
  #drained = Promise.withResolvers<void>();
  #lastClosed: Promise<void> = Promise.resolve();

  constructor(spec: Omit<ProxySpec, "enabled">, instruments: Instruments) {
    this.name = spec.name;
    this.#listen = spec.listen;
    this.#upstream = spec.upstream;
    this.#instruments = instruments;
    this.#closed = { ...noneClosed };
    this.#drained.resolve();
    this.toxics = new ToxicList(spec.name, instruments, {
      added: (toxic) => this.#added(toxic),
      changed: (toxic) => this.#each((connection) => connection.retune(toxic)),
      removed: (toxic) => this.#removed(toxic),
    });
  }

  /** Whether it is switched on; its port may be closed all the same, by a toxic. */
  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** Switches it on and opens the port, if it may be open. Throws `ApiError` 500 if it cannot; the proxy is then disabled. */
  async start(): Promise<void> {
    const wasEnabled = this.#isEnabled;
    this.#isEnabled = true;
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    await this.#opening;
    if (!wasEnabled) this.#tell("enabled");
  }

  /** Resolves when the port is as it was last told to be: a toxic that closes it may just have gone. */
  async settled(): Promise<void> {
    // What could not be opened shows: the proxy is disabled.
    await this.#opening?.catch(() => null);
  }

  /** Closes the port and all connections at once: the proxy is disabled. */
  stop(): void {
    if (this.#isEnabled) this.#tell("disabled");
    this.#isEnabled = false;
    this.#closePort();
    this.#each((connection) => connection.destroy());
  }

  /** Stops for good. */
  dispose(): void {
    this.stop();
    this.toxics.dispose();
    this.#tell("deleted");
  }

  /** Resolves when the sockets of the last `stop` are gone. */
  async whenStopped(): Promise<void> {
    await Promise.all([this.#lastClosed, this.#drained.promise]);
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

  traffic(): ProxyTraffic {
    const of = (direction: Direction) =>
      [...this.#connections.keys()]
        .map((connection) => connection.traffic(direction))
        .reduce(sumOfTraffic, this.#past[direction]);
    return {
      connections: this.#connections.size,
      opened: this.#opened,
      closed: { ...this.#closed },
      streams: { upstream: of("upstream"), downstream: of("downstream") },
    };
  }

  /** Adds what went through the live connections so far to a ledger. */
  addTo(ledger: Ledger): void {
    for (const [connection, { way }] of this.#connections) {
      for (const direction of directions) ledger.add({ ...way, direction }, connection.traffic(direction));
    }
  }

  toJSON(): ProxyJson {
    const { name, isEnabled: enabled } = this;
    return { name, listen: this.#listen, upstream: this.#upstream, enabled, toxics: this.toxics.toJSON() };
  }

  async #open(): Promise<void> {
    if (this.#listener !== null || this.#isRefusing()) return;
    try {
      const listener = await openListener(this.#listen, (socket) => this.#accept(socket));
      this.#listener = listener;
      this.#listen = listener.address;
      this.#lastClosed = listener.closed;
      // While it was being opened the proxy may have been stopped, or told to refuse.
      if (!this.#isEnabled || this.#isRefusing()) this.#closePort();
    } catch (thrown) {
      this.#isEnabled = false;
      throw thrown;
    }
  }

  #isRefusing(): boolean {
    return this.toxics.all().some((toxic) => toxic.spec.kind.closesPort === true);
  }

  #closePort(): void {
    this.#listener?.close();
    this.#listener = null;
  }

  #added(toxic: Toxic): void {
    if (toxic.spec.kind.closesPort === true) this.#closePort();
    this.#each((connection) => connection.add(toxic));
  }

  #removed(toxic: Toxic): void {
    this.#each((connection) => connection.remove(toxic));
    // A port that somebody took meanwhile leaves the proxy disabled, which whoever reads it sees.
    if (toxic.spec.kind.closesPort === true && this.#isEnabled) void this.start().catch(() => this.#tell("disabled"));
  }

  #accept(client: Socket): void {
    if (this.#connections.size === 0) this.#drained = Promise.withResolvers<void>();
    const number = (this.#opened += 1);
    const way = { proxy: this.name, listener: this.#listen, upstream: this.#upstream };
    // Told first: a toxic may end a connection while it begins.
    this.#instruments.events.tell(this.name, () => ({ event: "opened", connection: number }));
    const connection = new Connection(client, {
      upstream: parseAddress(this.#upstream),
      toxics: this.toxics.all(),
      isStrict: this.#instruments.isStrict,
      onClosed: (closed) => this.#forget(closed),
    });
    this.#connections.set(connection, { number, way });
  }

  #forget(connection: Connection): void {
    const place = this.#connections.get(connection);
    if (place === undefined) return;
    this.#connections.delete(connection);
    const both = { upstream: connection.traffic("upstream"), downstream: connection.traffic("downstream") };
    for (const direction of directions) {
      this.#past[direction] = sumOfTraffic(this.#past[direction], both[direction]);
      this.#instruments.ledger.add({ ...place.way, direction }, both[direction]);
    }
    const { cause, toxic } = connection.closing;
    this.#closed[cause] += 1;
    this.#instruments.events.tell(this.name, () => ({
      event: "closed",
      connection: place.number,
      cause,
      toxic,
      ...both,
    }));
    if (this.#connections.size === 0) this.#drained.resolve();
  }

  #each(act: (connection: Connection) => void): void {
    for (const connection of this.#connections.keys()) act(connection);
  }

  #tell(event: "enabled" | "disabled" | "deleted"): void {
    this.#instruments.events.tell(this.name, () => ({ event }));
  }
}

const noneClosed: Readonly<Record<CloseCause, number>> = {
  "client-closed": 0,
  "client-reset": 0,
  "server-closed": 0,
  "server-reset": 0,
  unreachable: 0,
  toxic: 0,
  proxy: 0,
};
