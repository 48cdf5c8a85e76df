import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.ts";
import { emptyReply, type Reply, textReply } from "./reply.ts";
import { type Call, replyToError, type Route, routes } from "./routes.ts";

/** The longest body that is read, in bytes. */
const longestBodyBytes = 16 * 1024 * 1024;

/** An answer, and whether a route gave it (those carry a request id). */
export interface Answer {
  readonly reply: Reply;
  readonly isRouted: boolean;
  /** Where the client is sent; null for nowhere. */
  readonly location: string | null;
}

/** What requests are answered from. */
export type Service = Pick<Call, "fleet" | "events" | "metrics">;

/** Finds the route of a request and has it answered. Never throws: errors become answers. */
export async function answer(request: IncomingMessage, service: Service): Promise<Answer> {
  const [rawPath = "/"] = (request.url ?? "/").split("?");
  const path = decoded(rawPath);
  if (path === null) return unrouted(textReply(400, "400 Bad Request"));
  if (path.includes("//")) return { ...unrouted(emptyReply(301)), location: rawPath.replaceAll(/\/{2,}/g, "/") };
  const match = matchPath(path);
  if (match === null || (path === "/metrics" && service.metrics === null))
    return unrouted(textReply(404, "404 page not found"));
  const route = match.verbs.get(request.method ?? "");
  if (route === undefined) return unrouted(emptyReply(405));
  // Browsers are refused, so that no web page can break things here.
  if (request.headers["user-agent"]?.startsWith("Mozilla/") === true)
    return routed(textReply(403, "User agent not allowed"));
  try {
    return routed(await route({ ...service, names: match.names, body: await readBody(request) }));
  } catch (thrown) {
    return routed(replyToError(thrown));
  }
}

interface Match {
  readonly verbs: ReadonlyMap<string, Route>;
  readonly names: readonly string[];
}

/** A name fills one segment; the fixed segments have to be the same. */
function matchPath(path: string): Match | null {
  const segments = path.split("/");
  for (const [pattern, verbs] of Object.entries(routes)) {
    const parts = pattern.split("/");
    const isMatch =
      parts.length === segments.length && parts.every((part, index) => isSame(part, segments[index] ?? ""));
    if (!isMatch) continue;
    return { verbs: new Map(Object.entries(verbs)), names: segments.filter((_, index) => parts[index] === "*") };
  }
  return null;
}

function isSame(part: string, segment: string): boolean {
  return part === "*" ? segment !== "" : part === segment;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > longestBodyBytes) throw new ApiError(413, `bad request body: more than ${longestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function routed(reply: Reply): Answer {
  return { reply, isRouted: true, location: null };
}

function unrouted(reply: Reply): Answer {
  return { reply, isRouted: false, location: null };
}
