import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type Clock, systemClock } from "../core/clock.ts";
import { freshSeed, randomStream } from "../core/random.ts";
import { formatAddress } from "./address.ts";
import { type Answer, answer } from "./answer.ts";
import { Fleet } from "./fleet.ts";

/** Where the API listens, and until when. */
export interface ServeOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Its abort closes every listener and connection. */
  readonly signal: AbortSignal;
  /** Decides toxicity and jitter; fresh when absent. */
  readonly seed?: string;
  readonly clock?: Clock;
}

/** A proxy at work. */
export interface ProxyService {
  /** The API's base, without a slash behind it. */
  readonly url: string;
  readonly port: number;
  /** Resolves after the abort, when no socket is left. */
  readonly closed: Promise<void>;
}

/**
 * Serves Toxiproxy's HTTP API (2.12.0) and the proxies that it creates, in this process, with two routes of our own: `GET /prism/links` and
 * `POST /prism/apply`. Throws the system's error if the port cannot be opened, and the signal's reason if it is aborted already.
 */
export async function serveProxy(options: ServeOptions): Promise<ProxyService> {
  const { host, port, signal, seed = freshSeed(), clock = systemClock } = options;
  signal.throwIfAborted();
  const fleet = new Fleet({ clock, random: (label) => randomStream(seed, label) });
  let requests = 0;
  const api = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests += 1;
    const id = requests.toString(36).padStart(20, "0");
    void answer(request, fleet).then((given) => send(response, given, id));
  });
  api.listen({ host, port });
  await once(api, "listening");
  const closed = Promise.withResolvers<void>();
  const close = async (): Promise<void> => {
    const apiClosed = once(api, "close");
    api.close();
    api.closeAllConnections();
    await Promise.all([apiClosed, fleet.stop()]);
  };
  if (signal.aborted) closed.resolve(close());
  else signal.addEventListener("abort", () => closed.resolve(close()), { once: true });
  const bound = api.address();
  const boundPort = bound === null || typeof bound === "string" ? port : bound.port;
  return { url: `http://${formatAddress({ host, port: boundPort })}`, port: boundPort, closed: closed.promise };
}

function send(response: ServerResponse, { reply, isRouted, location }: Answer, id: string): void {
  const headers: Record<string, string | number> = { "Content-Length": Buffer.byteLength(reply.body) };
  if (reply.type !== null) headers["Content-Type"] = reply.type;
  if (reply.type?.startsWith("text/plain") === true) headers["X-Content-Type-Options"] = "nosniff";
  if (isRouted) headers["X-Toxiproxy-Request-Id"] = id;
  if (location !== null) headers["Location"] = location;
  // A 204 has no length.
  if (reply.status === 204) delete headers["Content-Length"];
  response.writeHead(reply.status, headers).end(reply.body);
}
