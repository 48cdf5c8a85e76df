import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type ReadingEnd, readFrom } from "./reading-end.ts";
import { eventually } from "../support/eventually.ts";

/** A server behind a proxy. Its disposal closes it with its connections. */
export interface FarServer extends AsyncDisposable {
  readonly port: number;
  /** `host:port`, as an upstream is named. */
  readonly address: string;
  /** What was accepted so far, in order. */
  readonly ends: readonly ReadingEnd[];
  /** The connection accepted as number `index`, as soon as it is there. */
  accepted(index: number): Promise<ReadingEnd>;
}

/** Takes note of what comes. It answers nothing by itself and keeps its side open when the other one ends. */
export function startSink(port = 0): Promise<FarServer> {
  return start(port, () => {});
}

/** Sends back every byte, and then the end. */
export function startEcho(): Promise<FarServer> {
  return start(0, (socket) => void socket.pipe(socket));
}

async function start(port: number, serve: (socket: Socket) => void): Promise<FarServer> {
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true });
  const ends: ReadingEnd[] = [];
  server.on("connection", (socket: Socket) => {
    ends.push(readFrom(socket));
    serve(socket);
  });
  server.listen({ port, host: "127.0.0.1", backlog: 2048 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the far server has no port");
  return {
    port: address.port,
    address: `127.0.0.1:${address.port}`,
    ends,
    accepted: (index) =>
      eventually(() => ends[index] ?? null, { limitMs: 10_000, what: `connection ${index} at the far server` }),
    async [Symbol.asyncDispose]() {
      for (const { socket } of ends) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
