import { readFileSync } from "node:fs";
import { HarnessError, messageOf, systemCodeOf } from "./core/harness-error.ts";
import { parseBody } from "./proxy/body.ts";
import { parseProxies } from "./proxy/proxy-spec.ts";
import { type ProxyService, serveProxy } from "./proxy/serve.ts";
import type { ProxySpec } from "./proxy/tcp-proxy.ts";

// The part of the composition root that the proxy's process loads: it must be up fast, so it loads nothing else.

/** What the built-in proxy is started with. */
export interface LinksRequest {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** JSON file of the proxies that are there from the start; null for none. */
  readonly config: string | null;
  /** Null for a fresh one. */
  readonly seed: string | null;
  readonly isStrict: boolean;
  readonly metrics: { readonly proxy: boolean; readonly runtime: boolean };
}

/**
 * Serves the built-in proxy until the signal aborts; tells its URL once it listens and its first proxies stand. Throws `HarnessError`: 64 for a file that is none,
 * 69 for a port that cannot be opened.
 */
export async function serveLinks(
  request: LinksRequest,
  tell: (url: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const proxies = request.config === null ? [] : readProxies(request.config);
  const ending = new AbortController();
  const service = await open(request, AbortSignal.any([signal, ending.signal]));
  try {
    await populate(service, proxies);
    tell(service.url);
  } catch (thrown) {
    ending.abort();
    await service.closed;
    throw thrown;
  }
  await service.closed;
}

async function open(request: LinksRequest, signal: AbortSignal): Promise<ProxyService> {
  const { seed, port, isStrict, metrics } = request;
  // As the real one: IPv4 first.
  const host = request.host === "localhost" ? "127.0.0.1" : request.host;
  try {
    return await serveProxy({ host, port, isStrict, metrics, signal, ...(seed === null ? {} : { seed }) });
  } catch (cause) {
    if (signal.aborted) throw cause;
    const isTaken = systemCodeOf(cause) === "EADDRINUSE";
    const reason = isTaken ? "something listens there already" : messageOf(cause);
    throw new HarnessError(`the API cannot listen on ${host}:${port}: ${reason}`, {
      code: "api-not-opened",
      exit: "unavailable",
      next: "choose another address with --host and --port (--port 0 takes any free one)",
      cause,
    });
  }
}

function readProxies(file: string): readonly ProxySpec[] {
  try {
    return parseProxies(parseBody(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new HarnessError(`${file} is no list of proxies: ${messageOf(cause)}`, {
      code: "no-proxies",
      exit: "usage",
      next: 'write it as [{"name": "db", "listen": "127.0.0.1:3306", "upstream": "127.0.0.1:5432"}]',
      cause,
    });
  }
}

async function populate(service: ProxyService, proxies: readonly ProxySpec[]): Promise<void> {
  const { proxies: made, failure } = await service.populate(proxies);
  if (failure === null) return;
  const failed = proxies[made.length]?.name ?? "";
  throw new HarnessError(`proxy ${failed} was not opened: ${failure.message}`, {
    code: "proxy-not-opened",
    exit: "unavailable",
    next: "choose another listen address for it (port 0 takes any free one)",
    cause: failure,
  });
}
