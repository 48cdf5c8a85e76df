import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

/** A node's side of a link: takes connections and keeps what it is sent, each piece with its time. */
export interface Receiver extends AsyncDisposable {
  readonly port: number;
  /** Everything that came so far, of all connections, in the order in which it came. */
  text(): string;
  /** When the last piece came, ms on `performance.now()`. */
  lastMs(): number;
  /** Waits until so much text has come in all. */
  came(length: number, limitMs: number): Promise<void>;
}

/** Starts one on loopback, or on another host of this machine. */
export async function startReceiver(host = "127.0.0.1"): Promise<Receiver> {
  let received = "";
  let atMs = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setEncoding("utf8"));
    socket.on("data", (text: string) => {
      received += text;
      atMs = performance.now();
    });
    socket.on("error", () => undefined);
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    port: address.port,
    text: () => received,
    lastMs: () => atMs,
    came: async (length, limitMs) => {
      await eventually(() => received.length >= length, {
        limitMs,
        what: `${length} characters, of ${received.length}`,
      });
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

/** The dialler's side of a link: one connection, and how it ended. */
export interface Dialled {
  readonly socket: Socket;
  /** How it ended: `end` by the other side, an error code, or null: it stands. */
  readonly ended: () => string | null;
}

/** Connects to `host:port`. Rejects with the system's error where nothing listens. */
export async function dial(address: string): Promise<Dialled> {
  const at = address.lastIndexOf(":");
  const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
  let how: string | null = null;
  socket.on("end", () => (how ??= "end"));
  socket.resume();
  await once(socket, "connect");
  socket.on("error", (thrown) => (how = "code" in thrown ? String(thrown.code) : thrown.message));
  return { socket, ended: () => how };
}
