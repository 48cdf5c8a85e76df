import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { HarnessError, messageOf, systemCodeOf } from "../core/harness-error.ts";

/** A page, or a file. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Where the site is asked for something: the path in parts, decoded, and the query. */
export interface SiteRequest {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** What a site is served with. */
export interface Serving {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly answer: (request: SiteRequest) => Promise<Answer>;
  /** Is told the URL once it listens. */
  readonly tell: (url: string) => void;
  readonly signal: AbortSignal;
}

/** Nothing is loaded from anywhere, no script runs, nobody may put a page into a frame: what is served may have been written by a system under test. */
const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** Serves a site until the signal aborts. Throws `HarnessError` (exit 69) for a port that cannot be opened. */
export async function serveSite({ host, port, answer, tell, signal }: Serving): Promise<void> {
  const server = createServer((request, response) => {
    void answered(request, { host, answer }).then((sent) => send(request, response, sent));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (thrown) => reject(unavailable(host, port, thrown)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  tell(`http://${host.includes(":") ? `[${host}]` : host}:${portOf(address)}/`);
  await new Promise<void>((resolve) => {
    const end = (): void => {
      server.closeAllConnections();
      server.close(() => resolve());
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

async function answered(request: IncomingMessage, { host, answer }: Pick<Serving, "host" | "answer">): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "only GET and HEAD are answered");
  // A name of somebody else's that leads here must not read what lies here.
  if (!isOurs(request.headers.host ?? "", host)) return plain(403, "this is served under its own address alone");
  const url = URL.parse(request.url ?? "", "http://site");
  const path = url === null ? null : partsOf(url.pathname);
  if (url === null || path === null) return plain(400, "this is no path");
  try {
    return await answer({ path, query: url.searchParams });
  } catch (thrown) {
    return plain(500, messageOf(thrown));
  }
}

/** The parts of a path; null for one that leads out of it, or is none. */
function partsOf(pathname: string): readonly string[] | null {
  try {
    const parts = pathname.split("/").slice(1).map(decodeURIComponent);
    return parts.some((part) => part === ".." || part === "." || /[/\\\0]/.test(part)) ? null : parts;
  } catch {
    return null;
  }
}

/** Whether somebody asked for it by its own name, or by an address: only names of others are made to lead here. */
function isOurs(asked: string, host: string): boolean {
  const name = asked
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return [host.toLowerCase(), "localhost"].includes(name) || isIP(name) !== 0;
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** A line of text. */
export function plain(status: number, text: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** A page. */
export function page(body: string, status = 200): Answer {
  return { status, type: "text/html; charset=utf-8", body };
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function unavailable(host: string, port: number, thrown: unknown): HarnessError {
  return new HarnessError(`${host}:${port} cannot be opened (${systemCodeOf(thrown) ?? messageOf(thrown)})`, {
    code: "port-unavailable",
    exit: "unavailable",
    next: "give another port, as --port 0 for any free one",
    cause: thrown,
  });
}
