import type { Action, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import type { JsonObject } from "../core/json.ts";
import type { LinkDriver, LinkProxy } from "../core/link-driver.ts";
import { LinkProxies, type LinkServer, splitBatch } from "./link-proxies.ts";
import { builtinToxic, toxicName } from "./link-toxic.ts";
import { ProxyApi, proxyPath } from "./proxy-api.ts";

/** Links on the built-in proxy: everything, and a change over many links is one act. */
export class BuiltinLinks implements LinkDriver {
  readonly #api: ProxyApi;
  readonly #proxies: LinkProxies;

  constructor(server: LinkServer) {
    this.#api = new ProxyApi(server);
    this.#proxies = new LinkProxies(this.#api, server);
  }

  async populate(links: readonly LinkProxy[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const body = this.#proxies.bodies(links);
    if (body.length > 0) await this.#api.call({ method: "POST", path: "/populate", body }, signal);
    return this.#proxies.placed(links, signal);
  }

  async dispose(signal: AbortSignal): Promise<void> {
    const names = [...(await this.#api.proxies(signal)).keys()].filter((name) => this.#proxies.isOurs(name));
    await eachOf(names, async (name) => {
      await this.#api.call({ method: "DELETE", path: proxyPath(name), gone: true }, signal);
    });
  }

  capture(batch: readonly Action[], signal: AbortSignal): Promise<readonly JsonObject[]> {
    return this.#proxies.capture(batch, signal);
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    if (batch.length === 0) return;
    const [refusals, others] = splitBatch(batch);
    const toxics = others.map((action) => ({ proxy: this.#proxies.nameOf(action), toxic: builtinToxic(action) }));
    await this.#inOneAct({ add: toxics, remove: [] }, signal);
    await this.#proxies.refuse(refusals, signal);
    const closed = refusals.map((action) => this.#proxies.nameOf(action));
    await this.#proxies.readBack({ toxics, closed }, signal);
  }

  async remove(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    if (batch.length === 0) return;
    const [refusals, others] = splitBatch(batch);
    const without = others.map((action) => ({ proxy: this.#proxies.nameOf(action), name: toxicName(action) }));
    await this.#inOneAct({ add: [], remove: without }, signal);
    const opened = await this.#proxies.admit(refusals, signal);
    await this.#proxies.readBack({ without, opened }, signal);
  }

  read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]> {
    return this.#proxies.read(batch, builtinToxic, signal);
  }

  async #inOneAct(
    change: { readonly add: readonly object[]; readonly remove: readonly object[] },
    signal: AbortSignal,
  ): Promise<void> {
    if (change.add.length + change.remove.length === 0) return;
    await this.#api.call({ method: "POST", path: "/prism/apply", body: change }, signal);
  }
}
