import { ApiError } from "./api-error.ts";
import { parseBody } from "./body.ts";
import { Fields } from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import type { ToxicBounds, ToxicJson, ToxicSpec } from "./toxic.ts";
import { parseToxic } from "./toxic-spec.ts";

/** The toxics of every proxy that a change names, after it. */
export type AppliedToxics = Readonly<Record<string, readonly ToxicJson[]>>;

/**
 * One atomic change over many proxies: `{add: [{proxy, toxic, forMs, firstConnections, seed}], remove: [{proxy, name}]}`, of which the last three of an addition
 * may be left out (`ToxicBounds`). Everything is validated first (`ApiError` 4xx names the
 * entry, and nothing has changed), then applied in this same turn of the event loop, additions before removals, so that what a removed toxic
 * held meets the one that takes its place. A toxic that is there already takes the attributes and toxicity sent, and its time begins anew; one that is not there, or
 * whose proxy is not, counts as removed.
 */
export function applyChange(fleet: Fleet, body: string): AppliedToxics {
  const fields = new Fields(parseBody(body), "Change");
  refuseUnknown(fields, ["add", "remove"]);
  const removals = fields.list("remove").map((entry, index) => at(`remove[${index}]`, () => parseRemoval(entry)));
  const planned = new Map<string, ToxicSpec | "removed">(removals.map((removal) => [keyOf(removal), "removed"]));
  const additions = fields
    .list("add")
    .map((entry, index) => at(`add[${index}]`, () => planAddition(entry, { fleet, planned })));
  for (const { proxy, spec } of additions) add(proxy, spec);
  for (const { proxy, name } of removals) remove(fleet.find(proxy), name);
  const names = new Set([...additions.map(({ proxy }) => proxy.name), ...removals.map(({ proxy }) => proxy)]);
  return Object.fromEntries([...names].sort().map((name) => [name, fleet.find(name)?.toxics.toJSON() ?? []]));
}

interface Addition {
  readonly proxy: TcpProxy;
  readonly spec: ToxicSpec;
}

interface Removal {
  readonly proxy: string;
  readonly name: string;
}

interface Plan {
  readonly fleet: Fleet;
  /** What the entries before this one make of each toxic, by `keyOf`. */
  readonly planned: Map<string, ToxicSpec | "removed">;
}

function planAddition(entry: unknown, { fleet, planned }: Plan): Addition {
  const fields = new Fields(entry, "Addition");
  refuseUnknown(fields, ["proxy", "toxic", "forMs", "firstConnections", "seed"]);
  const proxy = fleet.get(required(fields, "proxy"));
  const toxic = fields.object("toxic", "Toxic");
  refuseUnknown(toxic, ["attributes", "name", "type", "stream", "toxicity"]);
  const spec = parseToxic(toxic, () => false, boundsOf(fields));
  const key = keyOf({ proxy: proxy.name, name: spec.name });
  const other = planned.get(key) ?? proxy.toxics.find(spec.name)?.spec ?? spec;
  if (other === "removed") throw new ApiError(400, `toxic ${spec.name} is to be added and removed`);
  if (other.type !== spec.type || other.direction !== spec.direction) {
    throw new ApiError(409, `toxic ${spec.name} already exists as ${other.type} ${other.direction}`);
  }
  planned.set(key, spec);
  return { proxy, spec };
}

function boundsOf(fields: Fields): ToxicBounds {
  const positive = (name: string): number | null => {
    const value = fields.integer(name, 0);
    if (value < 0) throw new ApiError(400, `${name} is ${value}; it is 1 or more`);
    return value === 0 ? null : value;
  };
  const seed = fields.text("seed", "");
  return {
    forMs: positive("forMs"),
    firstConnections: positive("firstConnections"),
    seed: seed === "" ? null : seed,
  };
}

function parseRemoval(entry: unknown): Removal {
  const fields = new Fields(entry, "Removal");
  refuseUnknown(fields, ["proxy", "name"]);
  return { proxy: required(fields, "proxy"), name: required(fields, "name") };
}

function add(proxy: TcpProxy, spec: ToxicSpec): void {
  const existing = proxy.toxics.find(spec.name);
  if (existing === null) proxy.toxics.add(spec);
  else proxy.toxics.renew(existing, spec);
}

function remove(proxy: TcpProxy | null, name: string): void {
  const existing = proxy?.toxics.find(name) ?? null;
  if (existing !== null) proxy?.toxics.remove(existing);
}

function keyOf({ proxy, name }: Removal): string {
  return JSON.stringify([proxy, name]);
}

function required(fields: Fields, name: string): string {
  const value = fields.text(name, "");
  if (value === "") throw new ApiError(400, `missing required field: ${name}`);
  return value;
}

function refuseUnknown(fields: Fields, known: readonly string[]): void {
  const lower = known.map((name) => name.toLowerCase());
  const unknown = fields.names().find((name) => !lower.includes(name));
  if (unknown !== undefined) throw new ApiError(400, `unknown field: ${unknown}`);
}

/** Runs `parse`; an `ApiError` from it gets the place in front of its text. */
function at<Result>(place: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    throw new ApiError(thrown.status, `${place}: ${thrown.message}`, { cause: thrown });
  }
}
