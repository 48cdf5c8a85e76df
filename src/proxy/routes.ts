import { ApiError } from "./api-error.ts";
import { applyChange } from "./apply-change.ts";
import { parseBody } from "./body.ts";
import { Fields } from "./fields.ts";
import { wallTime } from "../core/clock.ts";
import type { Events } from "./events.ts";
import type { Fleet } from "./fleet.ts";
import type { Metrics } from "./metrics.ts";
import { parseProxies, parseProxy, parseProxyChange } from "./proxy-spec.ts";
import { emptyReply, errorReply, jsonReply, type Reply } from "./reply.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import type { Toxic } from "./toxic.ts";
import { parseToxic, parseToxicChange } from "./toxic-spec.ts";

/** A request whose path has matched. */
export interface Call {
  readonly fleet: Fleet;
  readonly events: Events;
  /** Null: none are served. */
  readonly metrics: Metrics | null;
  /** The variable parts of the path, decoded: a proxy, then a toxic. */
  readonly names: readonly string[];
  readonly body: string;
}

/** Answers a call; throws `ApiError` for what cannot be done. */
export type Route = (call: Call) => Reply | Promise<Reply>;

/** The routes by path (`*` stands for one name) and verb. */
export const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  "/version": { GET: version },
  "/proxies": { GET: listProxies, POST: createProxy },
  "/populate": { POST: populate },
  "/reset": { POST: reset },
  "/proxies/*": { GET: showProxy, POST: updateProxy, PATCH: updateProxy, DELETE: removeProxy },
  "/proxies/*/toxics": { GET: listToxics, POST: createToxic },
  "/proxies/*/toxics/*": { GET: showToxic, POST: updateToxic, PATCH: updateToxic, DELETE: removeToxic },
  "/metrics": { GET: scrape, POST: scrape, PUT: scrape, PATCH: scrape, DELETE: scrape, HEAD: scrape },
  "/prism/links": { GET: listLinks },
  "/prism/events": { GET: followEvents },
  "/prism/apply": { POST: apply },
};

/** The version of Toxiproxy whose API this is. */
const toxiproxyVersion = "2.12.0";

function version(): Reply {
  return {
    ...jsonReply(200, null),
    type: "application/json;charset=utf-8",
    body: `{"version": "${toxiproxyVersion}"}\n`,
  };
}

function listProxies({ fleet }: Call): Reply {
  return jsonReply(200, Object.fromEntries(fleet.all().map((proxy) => [proxy.name, proxy])));
}

async function createProxy({ fleet, body }: Call): Promise<Reply> {
  return jsonReply(201, await fleet.create(parseProxy(parseBody(body))));
}

/** Its errors are JSON by name too, with what was created before. */
async function populate({ fleet, body }: Call): Promise<Reply> {
  try {
    const { proxies, failure } = await fleet.populate(parseProxies(parseBody(body)));
    const created = proxies.length === 0 ? null : proxies;
    if (failure === null) return jsonReply(201, { proxies: created });
    return jsonReply(failure.status, { error: failure.message, status: failure.status, proxies: created });
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    return jsonReply(thrown.status, { error: thrown.message, status: thrown.status, proxies: null });
  }
}

async function reset({ fleet }: Call): Promise<Reply> {
  await fleet.reset();
  return emptyReply(204);
}

function showProxy(call: Call): Reply {
  return jsonReply(200, proxyOf(call));
}

async function updateProxy(call: Call): Promise<Reply> {
  const { name } = proxyOf(call);
  const sent = parseBody(call.body);
  return jsonReply(200, await call.fleet.update(name, (current) => parseProxyChange(sent, current.toJSON())));
}

async function removeProxy(call: Call): Promise<Reply> {
  await call.fleet.remove(proxyOf(call).name);
  return emptyReply(204);
}

function listToxics(call: Call): Reply {
  return jsonReply(200, proxyOf(call).toxics);
}

function createToxic(call: Call): Reply {
  const proxy = proxyOf(call);
  const fields = new Fields(parseBody(call.body), "Toxic");
  return jsonReply(200, proxy.toxics.add(parseToxic(fields, (name) => proxy.toxics.find(name) !== null)));
}

function showToxic(call: Call): Reply {
  return jsonReply(200, toxicOf(call));
}

function updateToxic(call: Call): Reply {
  const toxic = toxicOf(call);
  proxyOf(call).toxics.change(toxic, parseToxicChange(new Fields(parseBody(call.body), "Toxic"), toxic));
  return jsonReply(200, toxic);
}

async function removeToxic(call: Call): Promise<Reply> {
  const proxy = proxyOf(call);
  proxy.toxics.remove(toxicOf(call));
  await proxy.settled();
  return emptyReply(204);
}

function listLinks({ fleet }: Call): Reply {
  const links = fleet.all().map((proxy) => [proxy.name, { ...proxy.traffic(), bounds: proxy.toxics.bounds() }]);
  return jsonReply(200, { proxies: Object.fromEntries(links) });
}

async function apply({ fleet, body }: Call): Promise<Reply> {
  const proxies = applyChange(fleet, body);
  for (const name of Object.keys(proxies)) await fleet.find(name)?.settled();
  return jsonReply(200, { proxies });
}

async function scrape({ metrics }: Call): Promise<Reply> {
  return { status: 200, type: metrics?.type ?? null, body: (await metrics?.render()) ?? "" };
}

/** One JSON document a line, from now on. */
function followEvents({ events }: Call): Reply {
  return {
    status: 200,
    type: "application/x-ndjson",
    body: "",
    follow: (line) =>
      events.listen(({ proxy, what }) => line(`${JSON.stringify({ time: wallTime(), proxy, ...what })}\n`)),
  };
}

function proxyOf({ fleet, names }: Call): TcpProxy {
  return fleet.get(names[0] ?? "");
}

function toxicOf(call: Call): Toxic {
  const toxic = proxyOf(call).toxics.find(call.names[1] ?? "");
  if (toxic === null) throw new ApiError(404, "toxic not found");
  return toxic;
}

/** What the client gets for anything thrown by a route. */
export function replyToError(thrown: unknown): Reply {
  if (thrown instanceof ApiError) return errorReply(thrown.status, thrown.message);
  return errorReply(500, thrown instanceof Error ? thrown.message : String(thrown));
}
