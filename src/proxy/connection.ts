import { Socket } from "node:net";
import type { HostPort } from "./address.ts";
import { Flow, type FlowControls } from "./flow.ts";
import { Landing } from "./landing.ts";
import type { Direction, Toxic } from "./toxic.ts";
import type { CloseCause, Traffic } from "./traffic.ts";

/** What a connection starts with. */
export interface ConnectionOptions {
  /** Where to connect; null if the proxy's upstream is no address, which closes the client. */
  readonly upstream: HostPort | null;
  readonly toxics: readonly Toxic[];
  /** Whether the end of one direction ends the connection, as in the real one. */
  readonly isStrict: boolean;
  /** Called once, when both sides are closed. */
  readonly onClosed: (connection: Connection) => void;
}

/** Why a connection ended, and the toxic that ended it. */
export interface Closing {
  readonly cause: CloseCause;
  readonly toxic: string | null;
}

/** A client's connection through the proxy, and its two flows. */
export class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #flows: Readonly<Record<Direction, Flow>>;
  readonly #upstream: HostPort | null;
  /** How many toxics keep it from being made to the upstream. */
  #holds = 0;
  #hasBegun = false;
  #closing: Closing | null = null;

  constructor(accepted: Socket, options: ConnectionOptions) {
    const { upstream, isStrict } = options;
    const landings = { upstream: new Landing(), downstream: new Landing() };
    const client = landings.upstream.adopt(accepted);
    const server = new Socket({ allowHalfOpen: true, onread: landings.downstream.onread });
    this.#client = client.setNoDelay(true);
    this.#server = server;
    this.#upstream = upstream;
    const controls = this.#controls();
    this.#flows = {
      upstream: new Flow({ source: client, destination: server }, { landing: landings.upstream, isStrict }, controls),
      downstream: new Flow(
        { source: server, destination: client },
        { landing: landings.downstream, isStrict },
        controls,
      ),
    };
    let open = 2;
    const onClose = (): void => {
      open -= 1;
      if (open > 0) return;
      this.#flows.upstream.dispose();
      this.#flows.downstream.dispose();
      options.onClosed(this);
    };
    // An error is always followed by `close`, which is what the flows act on.
    client.on("error", () => this.#note("client-reset"));
    let isConnected = false;
    server.once("connect", () => (isConnected = true));
    server.on("error", () => this.#note(isConnected ? "server-reset" : "unreachable"));
    client.on("end", () => this.#note("client-closed"));
    server.on("end", () => this.#note("server-closed"));
    for (const socket of [client, server]) socket.on("close", onClose);
    this.#begin(options.toxics);
  }

  /** Why it ended, once it has. */
  get closing(): Closing {
    return this.#closing ?? { cause: "proxy", toxic: null };
  }

  /** The connection's bytes so far, live. */
  traffic(direction: Direction): Traffic {
    return this.#flows[direction].traffic();
  }

  add(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].add(toxic, false);
  }

  retune(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].retune(toxic);
  }

  remove(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].remove(toxic);
  }

  /** Closes both sides at once; what waits is lost. */
  destroy(): void {
    this.#note("proxy");
    this.#abandon();
    this.#client.destroy();
    this.#server.destroy();
  }

  #controls(): FlowControls {
    return {
      close: () => this.#close(),
      reset: (toxic) => {
        this.#note("toxic", toxic);
        this.#reset();
      },
      ended: (toxic) => this.#note("toxic", toxic),
      hold: () => this.#hold(),
    };
  }

  #begin(toxics: readonly Toxic[]): void {
    for (const toxic of toxics) this.#flows[toxic.spec.direction].add(toxic, true);
    this.#hasBegun = true;
    if (this.#upstream === null) this.#note("unreachable");
    if (this.#upstream === null) this.destroy();
    // The client's early bytes wait in the socket's own buffer until it is connected.
    else this.#connect();
  }

  #hold(): (() => void) | null {
    if (this.#hasBegun) return null;
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      this.#connect();
    };
  }

  #connect(): void {
    const server = this.#server;
    if (this.#upstream === null || !this.#hasBegun || this.#holds > 0 || server.destroyed || !server.pending) return;
    server.connect(this.#upstream).setNoDelay(true);
  }

  /** The first cause is the one: what follows comes from it. */
  #note(cause: CloseCause, toxic: Toxic | null = null): void {
    this.#closing ??= { cause, toxic: toxic?.spec.name ?? null };
  }

  #close(): void {
    this.#flows.upstream.cut();
    this.#flows.downstream.cut();
    for (const socket of [this.#client, this.#server]) {
      // What waits for the upstream to be connected goes there first; what never will be has nothing to wait for.
      if (socket.pending && !socket.connecting) socket.destroy();
      else socket.destroySoon();
    }
  }

  #abandon(): void {
    this.#flows.upstream.abandon();
    this.#flows.downstream.abandon();
  }

  #reset(): void {
    this.#abandon();
    for (const socket of [this.#client, this.#server]) {
      // There is nothing to reset before the handshake, and libuv refuses a reset in the moment in which a FIN is being sent.
      const isSendingFin = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
      if (socket.pending || isSendingFin) socket.destroy();
      else socket.resetAndDestroy();
    }
  }
}
