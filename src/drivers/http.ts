import { Agent, request } from "undici";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { HttpAnswer, HttpTransport } from "../core/operation-answer.ts";
import type { TlsMaterial } from "../core/transports.ts";
import { neverConnected } from "./never-connected.ts";
import { tlsOptions } from "./tls-options.ts";

/** A transport over HTTP/1.1 with connections that are kept. One request is one attempt: nothing is retried or redirected. */
export interface Http {
  readonly send: HttpTransport;
  /** Closes every connection at once. */
  close(): Promise<void>;
}

/** Opens a transport of its own, sharing connections with no other; secure requests are made with this material. */
export function openHttp(tls: TlsMaterial | null = null): Http {
  const connect = { timeout: 1000, ...tlsOptions(tls) };
  const agent = new Agent({ pipelining: 1, keepAliveTimeout: 30_000, connect });
  const send: HttpTransport = async (asked, signal): Promise<HttpAnswer> => {
    const scheme = asked.isSecure === true ? "https" : "http";
    try {
      const { statusCode, body } = await request(`${scheme}://${asked.host}:${asked.port}${asked.path}`, {
        dispatcher: agent,
        method: asked.method,
        headers: { ...asked.headers },
        body: asked.body,
        signal,
      });
      return { answered: true, status: statusCode, body: await body.text() };
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      const error = signal.aborted ? "time-out" : (code ?? messageOf(thrown));
      return { answered: false, notSent: !signal.aborted && code !== null && neverConnected.has(code), error };
    }
  };
  return { send, close: () => agent.destroy() };
}
