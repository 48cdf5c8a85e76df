import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { systemCodeOf } from "../core/harness-error.ts";
import { formatAddress, type HostPort, resolveListen } from "./address.ts";
import { ApiError } from "./api-error.ts";

/** A port that accepts connections. */
export interface Listener {
  /** What it is bound to, with the real port. */
  readonly address: string;
  /** Resolves when the port is free. */
  readonly closed: Promise<void>;
  /** Frees the port at once. Accepted sockets stay. */
  close(): void;
}

const bindReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EACCES: "permission denied",
};

/** Listens on a `listen` field and hands over each accepted socket. Throws `ApiError` 500 with the real one's text. */
export async function openListener(listen: string, onSocket: (socket: Socket) => void): Promise<Listener> {
  const address = await resolveListen(listen);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onSocket);
  const bound = await bind(server, address);
  // Only failures to accept come here later (too many open files): that one client is lost, the port lives on.
  server.on("error", () => {});
  const closed = Promise.withResolvers<void>();
  server.once("close", () => closed.resolve());
  return { address: formatAddress(bound), closed: closed.promise, close: () => void server.close() };
}

async function bind(server: Server, address: HostPort): Promise<HostPort> {
  try {
    server.listen({ host: address.host, port: address.port, backlog: 4096 });
    await once(server, "listening");
  } catch (cause) {
    const code = systemCodeOf(cause);
    // A host without IPv6 has only one kind of wildcard.
    if (code === "EAFNOSUPPORT" && address.host === "::") return bind(server, { ...address, host: "0.0.0.0" });
    const reason = bindReasons[code ?? ""] ?? code ?? "unknown error";
    throw new ApiError(500, `listen tcp ${formatAddress(address)}: bind: ${reason}`, { cause });
  }
  const at = server.address();
  return at === null || typeof at === "string" ? address : { host: at.address, port: at.port };
}
