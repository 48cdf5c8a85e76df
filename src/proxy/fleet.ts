import { ApiError } from "./api-error.ts";
import type { Instruments } from "./instruments.ts";
import { type ProxySpec, TcpProxy } from "./tcp-proxy.ts";

/** What a populate did before it ended. */
export interface Populated {
  /** In the order of the request. */
  readonly proxies: readonly TcpProxy[];
  /** Why it stopped half-way; null if it did not. */
  readonly failure: ApiError | null;
}

/** All proxies by name. What opens or closes ports happens one after the other; no method waits for a connection. */
export class Fleet {
  readonly #proxies = new Map<string, TcpProxy>();
  readonly #instruments: Instruments;
  #queue: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(instruments: Instruments) {
    this.#instruments = instruments;
  }

  /** All proxies, by name. */
  all(): readonly TcpProxy[] {
    return [...this.#proxies.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  find(name: string): TcpProxy | null {
    return this.#proxies.get(name) ?? null;
  }

  /** As `find`; throws `ApiError` 404. */
  get(name: string): TcpProxy {
    const proxy = this.find(name);
    if (proxy === null) throw new ApiError(404, "proxy not found");
    return proxy;
  }

  /** Throws `ApiError` 409 if the name is taken, 500 if the port cannot be opened; the name stays free then. */
  create(spec: ProxySpec): Promise<TcpProxy> {
    return this.#inTurn(async () => {
      if (this.#proxies.has(spec.name)) throw new ApiError(409, "proxy already exists");
      return this.#place(spec);
    });
  }

  /** Creates proxies in order until one fails. One with the same addresses is left alone, whatever its `enabled`; another is replaced. */
  populate(specs: readonly ProxySpec[]): Promise<Populated> {
    return this.#inTurn(async () => {
      const names = new Set(specs.map(({ name }) => name));
      const areNew = names.size === specs.length && specs.every(({ name }) => !this.#proxies.has(name));
      if (areNew) return this.#placeTogether(specs);
      const proxies: TcpProxy[] = [];
      try {
        for (const spec of specs) proxies.push(await this.#createOrReplace(spec));
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown;
        return { proxies, failure: thrown };
      }
      return { proxies, failure: null };
    });
  }

  /** Throws `ApiError` 404, and 500 if the port cannot be opened; the proxy is disabled then. */
  update(name: string, change: (current: TcpProxy) => ProxySpec): Promise<TcpProxy> {
    return this.#inTurn(async () => {
      const proxy = this.get(name);
      await proxy.update(change(proxy));
      return proxy;
    });
  }

  /** Closes a proxy and frees its name. Throws `ApiError` 404. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      this.get(name).dispose();
      this.#proxies.delete(name);
    });
  }

  /** Removes every toxic, at once, then enables every proxy. Throws the first `ApiError` of a port that cannot be opened, after trying all. */
  reset(): Promise<void> {
    for (const proxy of this.all()) proxy.toxics.all().forEach((toxic) => proxy.toxics.remove(toxic));
    return this.#inTurn(async () => {
      const results = await Promise.allSettled(this.all().map((proxy) => proxy.start()));
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    });
  }

  /** Closes everything, refuses further changes, and resolves when no socket is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const stopAll = (): void => this.all().forEach((proxy) => proxy.dispose());
    stopAll();
    await this.#queue;
    // What was being opened meanwhile.
    stopAll();
    await Promise.all(this.all().map((proxy) => proxy.whenStopped()));
  }

  async #createOrReplace(spec: ProxySpec): Promise<TcpProxy> {
    const existing = this.find(spec.name);
    if (existing === null) return this.#place(spec);
    if (!(await existing.differsFrom(spec))) return existing;
    existing.stop();
    const proxy = await this.#place(spec);
    existing.toxics.dispose();
    return proxy;
  }

  async #place(spec: ProxySpec): Promise<TcpProxy> {
    const proxy = new TcpProxy(spec, this.#instruments);
    if (spec.enabled) await proxy.start();
    this.#proxies.set(proxy.name, proxy);
    return proxy;
  }

  /** Ports of proxies that have nothing to do with each other are opened at once; those behind the first that cannot be are closed again. */
  async #placeTogether(specs: readonly ProxySpec[]): Promise<Populated> {
    const proxies = specs.map((spec) => new TcpProxy(spec, this.#instruments));
    const starts = proxies.map((proxy, index) => (specs[index]?.enabled === true ? proxy.start() : Promise.resolve()));
    const results = await Promise.allSettled(starts);
    const failedAt = results.findIndex(({ status }) => status === "rejected");
    const failed = results[failedAt];
    const made = failedAt === -1 ? proxies : proxies.slice(0, failedAt);
    for (const proxy of proxies.slice(made.length)) proxy.dispose();
    for (const proxy of made) this.#proxies.set(proxy.name, proxy);
    if (failed?.status !== "rejected") return { proxies: made, failure: null };
    if (!(failed.reason instanceof ApiError)) throw failed.reason;
    return { proxies: made, failure: failed.reason };
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(() => {
      if (this.#isStopped) throw new ApiError(503, "the proxy is stopping");
      return change();
    });
    this.#queue = done.catch(() => {});
    return done;
  }
}
