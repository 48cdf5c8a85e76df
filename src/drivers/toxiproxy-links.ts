import { Proxy, Toxic, Toxiproxy, ToxiproxyError } from "toxiproxy-node-client";
import type { Action, Reading } from "../core/action.ts";
import type { JsonObject } from "../core/json.ts";
import type { LinkDriver, LinkProxy } from "../core/link-driver.ts";
import { inTurns, LinkProxies, type LinkServer, splitBatch } from "./link-proxies.ts";
import { isStall, realToxic, toxicName } from "./link-toxic.ts";
import { type ApiCall, callLimitMs, ProxyApi, proxyError, proxyPath, type ProxyRead } from "./proxy-api.ts";

/**
 * Links on a real Toxiproxy server. Changes go through toxiproxy-node-client. It has no time-outs, so each call is given one here; it drops the
 * server's words of a refusal, so they are asked for over plain HTTP; its proxies come without their toxics, and its way to close one sends the
 * address too (which may restart it): reading and closing are plain HTTP. A change over many links is many calls, some at once.
 */
export class ToxiproxyLinks implements LinkDriver {
  readonly #client: Toxiproxy;
  readonly #api: ProxyApi;
  readonly #proxies: LinkProxies;

  constructor(server: LinkServer) {
    this.#api = new ProxyApi(server);
    this.#client = new Toxiproxy(this.#api.url);
    this.#proxies = new LinkProxies(this.#api, server);
  }

  async populate(links: readonly LinkProxy[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const body = this.#proxies.bodies(links);
    // Of an empty list the server's answer is null, which the client trips over.
    if (body.length > 0) {
      const make = (): Promise<unknown> => this.#client.populate(body.map((proxy) => ({ ...proxy, enabled: true })));
      await this.#do(make, { method: "POST", path: "/populate", body }, signal);
    }
    return this.#proxies.placed(links, signal);
  }

  async dispose(signal: AbortSignal): Promise<void> {
    const found = [...(await this.#api.proxies(signal)).values()].filter(({ name }) => this.#proxies.isOurs(name));
    await inTurns(found, async (proxy) => {
      const path = proxyPath(proxy.name);
      await this.#do(() => this.#handle(proxy).remove(), { method: "DELETE", path, gone: true }, signal);
    });
  }

  capture(batch: readonly Action[], signal: AbortSignal): Promise<readonly JsonObject[]> {
    return this.#proxies.capture(batch, signal);
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    if (batch.length === 0) return;
    const [refusals, others] = splitBatch(batch);
    const toxics = others.map((action) => ({ proxy: this.#proxies.nameOf(action), toxic: realToxic(action) }));
    const found = await this.#api.proxies(signal);
    refuseBesideStall(toxics, found);
    await inTurns(toxics, async ({ proxy: name, toxic }) => {
      const proxy = found.get(name);
      if (proxy === undefined) throw proxyError(`${name} is not there`);
      if (proxy.toxics.some((other) => other.name === toxic.name)) return;
      const add = (): Promise<unknown> => this.#handle(proxy).addToxic(toxic);
      await this.#do(add, { method: "POST", path: `${proxyPath(name)}/toxics`, body: toxic }, signal);
    });
    await this.#proxies.refuse(refusals, signal);
    const closed = refusals.map((action) => this.#proxies.nameOf(action));
    await this.#proxies.readBack({ toxics, closed }, signal);
  }

  async remove(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    if (batch.length === 0) return;
    const [refusals, others] = splitBatch(batch);
    const without = others.map((action) => ({ proxy: this.#proxies.nameOf(action), name: toxicName(action) }));
    const found = await this.#api.proxies(signal);
    await inTurns(others, async (action) => {
      const proxy = found.get(this.#proxies.nameOf(action));
      const name = toxicName(action);
      if (proxy?.toxics.some((toxic) => toxic.name === name) !== true) return;
      const toxic = new Toxic(this.#client.api, this.#handle(proxy).getPath(), realToxic(action));
      const path = `${proxyPath(proxy.name)}/toxics/${encodeURIComponent(name)}`;
      await this.#do(() => toxic.remove(), { method: "DELETE", path, gone: true }, signal);
    });
    const opened = await this.#proxies.admit(refusals, signal);
    await this.#proxies.readBack({ without, opened }, signal);
  }

  read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]> {
    return this.#proxies.read(batch, realToxic, signal);
  }

  #handle({ name, listen, upstream, enabled }: ProxyRead): Proxy {
    return new Proxy(this.#client, { name, listen, upstream, enabled, toxics: [] });
  }

  /**
   * Does a change through the client, within the limit. What the server refused is asked once more over plain HTTP, for its words: every change
   * here is the same when it is done twice, and whether it took is read back.
   */
  async #do(change: () => Promise<unknown>, plain: ApiCall, signal: AbortSignal): Promise<void> {
    try {
      await withinLimit(change(), `${plain.method} ${plain.path} at ${this.#api.url}`, signal);
    } catch (thrown) {
      if (!(thrown instanceof ToxiproxyError)) throw thrown;
      await this.#api.call(plain, signal);
    }
  }
}

/** With another toxic in front of a stall the server's API hangs for good (toxiproxy#412): such a change is not sent. Throws `HarnessError` (exit 69). */
function refuseBesideStall(
  toxics: readonly { readonly proxy: string; readonly toxic: ReturnType<typeof realToxic> }[],
  found: ReadonlyMap<string, ProxyRead>,
): void {
  for (const [name, added] of Map.groupBy(toxics, ({ proxy }) => proxy)) {
    const there = found.get(name)?.toxics ?? [];
    const all = new Map([...there, ...added.map(({ toxic }) => toxic)].map((toxic) => [toxic.name, toxic]));
    if (all.size < 2 || ![...all.values()].some(isStall)) continue;
    const names = [...all.keys()].join(" and ");
    throw proxyError(
      `${name} would have ${names} at once, and a stall has to be alone there; --proxy builtin has both`,
    );
  }
}

async function withinLimit(change: Promise<unknown>, what: string, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => reject(proxyError(`${what} had no answer: time-out`)), callLimitMs);
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true, signal: over.signal });
  try {
    signal.throwIfAborted();
    await Promise.race([change, ended]);
  } finally {
    clearTimeout(limit);
    over.abort();
  }
}
