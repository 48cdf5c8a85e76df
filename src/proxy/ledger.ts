import { type Direction } from "./toxic.ts";
import { noTraffic, sumOfTraffic, type Traffic } from "./traffic.ts";

/** Which way through which proxy, as the real one labels its metrics. */
export interface Way {
  readonly direction: Direction;
  readonly proxy: string;
  readonly listener: string;
  readonly upstream: string;
}

/** What went which way on connections that are over: it outlives the proxies, so that counters never fall. */
export class Ledger {
  readonly #entries = new Map<string, { readonly way: Way; traffic: Traffic }>();

  add(way: Way, traffic: Traffic): void {
    const key = JSON.stringify([way.proxy, way.direction, way.listener, way.upstream]);
    const entry = this.#entries.get(key) ?? { way, traffic: noTraffic };
    entry.traffic = sumOfTraffic(entry.traffic, traffic);
    this.#entries.set(key, entry);
  }

  entries(): readonly { readonly way: Way; readonly traffic: Traffic }[] {
    return [...this.#entries.values()];
  }
}
