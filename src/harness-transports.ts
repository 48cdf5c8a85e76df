import type { OpenTransports, TlsMaterial } from "./core/transports.ts";
import { commandTransport } from "./drivers/command.ts";
import { openHttp } from "./drivers/http.ts";
import { tcpTransport } from "./drivers/tcp.ts";
import { webSocketTransport } from "./drivers/websocket.ts";

// The part of the composition root that runner and keeper share: everything over which a target's operations can be asked.

/** Opens the transports of a target's operations; the material is what its TLS ports are spoken to with. */
export function openTransports(tls: TlsMaterial | null): OpenTransports {
  const http = openHttp(tls);
  return {
    transports: {
      http: http.send,
      websocket: webSocketTransport(tls),
      tcp: tcpTransport(tls),
      command: commandTransport(),
    },
    close: () => http.close(),
  };
}
