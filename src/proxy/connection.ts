import { Socket } from "node:net";
import type { HostPort } from "./address.ts";
import { Flow, type FlowControls, type Traffic } from "./flow.ts";
import type { Direction, Toxic } from "./toxic.ts";

/** What a connection starts with. */
export interface ConnectionOptions {
  /** Where to connect; null if the proxy's upstream is no address, which closes the client. */
  readonly upstream: HostPort | null;
  readonly toxics: readonly Toxic[];
  /** Called once, when both sides are closed. */
  readonly onClosed: (connection: Connection) => void;
}

/** A client's connection through the proxy, and its two flows. */
export class Connection {
  readonly #client: Socket;
  readonly #server = new Socket({ allowHalfOpen: true });
  readonly #flows: Readonly<Record<Direction, Flow>>;

  constructor(client: Socket, options: ConnectionOptions) {
    this.#client = client;
    const server = this.#server;
    const controls: FlowControls = { close: () => this.#close(), reset: () => this.#reset() };
    this.#flows = {
      upstream: new Flow({ source: client, destination: server }, controls),
      downstream: new Flow({ source: server, destination: client }, controls),
    };
    let open = 2;
    for (const socket of [client, server]) {
      // An error is always followed by `close`, which is what the flows act on.
      socket.on("error", () => {});
      socket.on("close", () => {
        open -= 1;
        if (open > 0) return;
        this.#flows.upstream.dispose();
        this.#flows.downstream.dispose();
        options.onClosed(this);
      });
    }
    for (const toxic of options.toxics) this.add(toxic);
    if (options.upstream === null) this.destroy();
    // The client's early bytes wait in the socket's own buffer until it is connected.
    else if (!server.destroyed) server.connect(options.upstream).setNoDelay(true);
  }

  /** The connection's bytes so far, live. */
  traffic(direction: Direction): Traffic {
    return this.#flows[direction].traffic();
  }

  add(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].add(toxic);
  }

  retune(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].retune(toxic);
  }

  remove(toxic: Toxic): void {
    this.#flows[toxic.spec.direction].remove(toxic);
  }

  /** Closes both sides at once; what waits is lost. */
  destroy(): void {
    this.#abandon();
    this.#client.destroy();
    this.#server.destroy();
  }

  #close(): void {
    this.#flows.upstream.cut();
    this.#flows.downstream.cut();
    for (const socket of [this.#client, this.#server]) {
      if (socket.pending) socket.destroy();
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
