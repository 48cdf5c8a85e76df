import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type Clock, systemClock } from "../core/clock.ts";
import { freshSeed, randomStream } from "../core/random.ts";
import { formatAddress } from "./address.ts";
import { type Answer, answer } from "./answer.ts";
import { Events } from "./events.ts";
import { Fleet, type Populated } from "./fleet.ts";
import { Ledger } from "./ledger.ts";
import { type MetricsWanted, openMetrics } from "./metrics.ts";
import type { ProxySpec } from "./tcp-proxy.ts";

/** Where the API listens, until when, and how its proxies behave. */
export interface ServeOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Its abort closes every listener and connection. */
  readonly signal: AbortSignal;
  /** Decides toxicity, jitter and losses; fresh when absent. */
  readonly seed?: string;
  readonly clock?: Clock;
  /** Whether the end of one direction ends a connection, as in the real one; else the other direction goes on. */
  readonly isStrict?: boolean;
  readonly metrics?: MetricsWanted;
}

/** A proxy at work. */
export interface ProxyService {
  /** The API's base, without a slash behind it. */
  readonly url: string;
  readonly port: number;
  /** Resolves after the abort, when no socket is left. */
  readonly closed: Promise<void>;
  /** As `POST /populate`. */
  populate(specs: readonly ProxySpec[]): Promise<Populated>;
}

/** A reader of events that is so many bytes behind is cut off: what happens must not pile up here. */
const furthestBehindBytes = 8 * 1024 * 1024;

/**
 * Serves Toxiproxy's HTTP API (2.12.0) and the proxies that it creates, in this process, with routes of our own under `/prism/`. Throws the system's error if the
 * port cannot be opened, and the signal's reason if it is aborted already.
 */
export async function serveProxy(options: ServeOptions): Promise<ProxyService> {
  const { host, port, signal, seed = freshSeed(), clock = systemClock, isStrict = false } = options;
  signal.throwIfAborted();
  const events = new Events();
  const ledger = new Ledger();
  const fleet = new Fleet({ clock, random: (label) => randomStream(seed, label), events, ledger, isStrict });
  const metrics = await openMetrics(options.metrics ?? { proxy: false, runtime: false }, fleet, ledger);
  let requests = 0;
  const api = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests += 1;
    const id = requests.toString(36).padStart(20, "0");
    void answer(request, { fleet, events, metrics }).then((given) => send(response, given, id));
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
  return {
    url: `http://${formatAddress({ host, port: boundPort })}`,
    port: boundPort,
    closed: closed.promise,
    populate: (specs) => fleet.populate(specs),
  };
}

function send(response: ServerResponse, { reply, isRouted, location }: Answer, id: string): void {
  const headers: Record<string, string | number> = {};
  // A 204 has no length, and what goes on has none yet.
  if (reply.status !== 204 && reply.follow === undefined) headers["Content-Length"] = Buffer.byteLength(reply.body);
  if (reply.type !== null) headers["Content-Type"] = reply.type;
  if (reply.type?.startsWith("text/plain") === true) headers["X-Content-Type-Options"] = "nosniff";
  if (isRouted) headers["X-Toxiproxy-Request-Id"] = id;
  if (location !== null) headers["Location"] = location;
  response.writeHead(reply.status, headers);
  if (reply.follow === undefined) {
    response.end(reply.body);
    return;
  }
  response.flushHeaders();
  const end = reply.follow((text) => {
    response.write(text);
    if (response.writableLength > furthestBehindBytes) response.destroy();
  });
  response.on("close", end);
}
