import { WebSocket } from "ws";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { TextAnswer, TlsMaterial, Transport, WebSocketRequest } from "../core/transports.ts";
import { largestAnswer } from "./never-connected.ts";
import { tlsOptions } from "./tls-options.ts";

/** One message over WebSocket: each request on a connection of its own, ended as soon as the answer is there. */
export function webSocketTransport(tls: TlsMaterial | null): Transport<WebSocketRequest> {
  return (asked, signal) =>
    new Promise<TextAnswer>((resolve) => {
      const { host, port, path, send } = asked;
      const socket = new WebSocket(`${asked.isSecure ? "wss" : "ws"}://${host}:${port}${path}`, {
        ...tlsOptions(tls),
        headers: { ...asked.headers },
        followRedirects: false,
        perMessageDeflate: false,
        maxPayload: largestAnswer,
      });
      let isSent = false;
      const end = (answer: TextAnswer): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(answer);
        socket.terminate();
      };
      // Nothing of the operation is sent before the connection is open: until then it provably did not happen.
      const lost = (error: string): void => end({ answered: false, notSent: !isSent, error });
      const onAbort = (): void => lost("time-out");
      socket.on("error", (thrown) => lost(systemCodeOf(thrown) ?? messageOf(thrown)));
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      socket.on("open", () => {
        // Whoever only listens has done what there is to do by connecting.
        isSent = true;
        if (send !== null) socket.send(send);
      });
      socket.on("message", (data) => {
        const text = textOf(data);
        if (asked.isAnswer(text)) end({ answered: true, code: null, text });
      });
      socket.on("close", (code) => lost(`closed with ${code} before the answer`));
    });
}

function textOf(data: Buffer | ArrayBuffer | readonly Buffer[]): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  return data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : Buffer.concat([...data]).toString("utf8");
}
