import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { TcpRequest, TextAnswer, TlsMaterial, Transport } from "../core/transports.ts";
import { largestAnswer, neverConnected } from "./never-connected.ts";
import { tlsOptions } from "./tls-options.ts";

/** Text over TCP: each request on a connection of its own, closed as soon as the answer is whole. */
export function tcpTransport(tls: TlsMaterial | null): Transport<TcpRequest> {
  return (asked, signal) =>
    new Promise<TextAnswer>((resolve) => {
      const { host, port, send, isWhole } = asked;
      const socket: Socket = asked.isSecure
        ? connectSecure({ host, port, ...tlsOptions(tls) })
        : connectPlain({ host, port });
      let isConnected = false;
      let received = "";
      const end = (answer: TextAnswer): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(answer);
        socket.destroy();
      };
      const lost = (error: string, notSent = false): void => end({ answered: false, notSent, error });
      // While it is not connected nothing was sent, whatever the reason.
      const onAbort = (): void => lost("time-out", !isConnected);
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      socket.setEncoding("utf8");
      socket.on(asked.isSecure ? "secureConnect" : "connect", () => {
        isConnected = true;
        if (send !== "") socket.write(send);
      });
      socket.on("data", (text: string) => {
        received += text;
        if (received.length > largestAnswer) lost(`an answer of more than ${largestAnswer} characters`);
        else if (isWhole?.(received) === true) end({ answered: true, code: null, text: received });
      });
      socket.on("end", () => {
        if (isWhole === null && isConnected) end({ answered: true, code: null, text: received });
        else lost("the connection ended before the answer was whole", !isConnected);
      });
      socket.on("error", (thrown) => {
        const code = systemCodeOf(thrown);
        lost(code ?? messageOf(thrown), !isConnected || (code !== null && neverConnected.has(code)));
      });
    });
}
