import type { ToxicJson } from "./toxic.ts";
import type { CloseCause, Traffic } from "./traffic.ts";

/** What happened on a proxy; `connection` counts from 1 in the life of the proxy. */
export type ProxyEvent =
  | { readonly event: "enabled" | "disabled" | "deleted" }
  | { readonly event: "toxic-added" | "toxic-changed" | "toxic-removed" | "toxic-expired"; readonly toxic: ToxicJson }
  | { readonly event: "opened"; readonly connection: number }
  | {
      readonly event: "closed";
      readonly connection: number;
      readonly cause: CloseCause;
      /** The toxic that ended it; null where another cause did. */
      readonly toxic: string | null;
      readonly upstream: Traffic;
      readonly downstream: Traffic;
    };

/** An event with its proxy. */
export interface ToldEvent {
  readonly proxy: string;
  readonly what: ProxyEvent;
}

/** Who wants to hear what happens. While nobody does, nothing is built. */
export class Events {
  readonly #listeners = new Set<(event: ToldEvent) => void>();

  /** Hears everything from now on; what it returns ends that. */
  listen(listener: (event: ToldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(proxy: string, what: () => ProxyEvent): void {
    if (this.#listeners.size === 0) return;
    const told = { proxy, what: what() };
    for (const listener of this.#listeners) listener(told);
  }
}
