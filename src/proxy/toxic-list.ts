import { ApiError } from "./api-error.ts";
import type { ToldEvent } from "./events.ts";
import type { Instruments } from "./instruments.ts";
import { createTimer, type Timer } from "./timer.ts";
import { type Direction, Toxic, type ToxicBounds, type ToxicChange, type ToxicJson, type ToxicSpec } from "./toxic.ts";

/** What a list of toxics does to the proxy that they are on. */
export interface ToxicEffects {
  added(toxic: Toxic): void;
  changed(toxic: Toxic): void;
  removed(toxic: Toxic): void;
}

/** The toxics of one proxy, in the order of creation; those that are bounded in time go by themselves. */
export class ToxicList {
  readonly #proxy: string;
  readonly #instruments: Instruments;
  readonly #effects: ToxicEffects;
  readonly #expiries = new Map<Toxic, { readonly timer: Timer; readonly endsMs: number }>();
  #toxics: readonly Toxic[] = [];
  #serial = 0;

  constructor(proxy: string, instruments: Instruments, effects: ToxicEffects) {
    this.#proxy = proxy;
    this.#instruments = instruments;
    this.#effects = effects;
  }

  all(): readonly Toxic[] {
    return this.#toxics;
  }

  find(name: string): Toxic | null {
    return this.#toxics.find((candidate) => candidate.spec.name === name) ?? null;
  }

  /** Throws `ApiError` 409 if the name is taken. */
  add(spec: ToxicSpec): Toxic {
    if (this.find(spec.name) !== null) throw new ApiError(409, "toxic already exists");
    this.#serial += 1;
    const toxic = new Toxic(spec, { proxy: this.#proxy, serial: this.#serial, instruments: this.#instruments });
    this.#toxics = [...this.#toxics, toxic];
    this.#effects.added(toxic);
    this.#tell("toxic-added", toxic);
    this.#expireAfter(spec.bounds.forMs, toxic);
    return toxic;
  }

  change(toxic: Toxic, change: ToxicChange): void {
    toxic.change(change);
    this.#effects.changed(toxic);
    this.#tell("toxic-changed", toxic);
  }

  remove(toxic: Toxic, because: "toxic-removed" | "toxic-expired" = "toxic-removed"): void {
    this.#expireAfter(null, toxic);
    this.#toxics = this.#toxics.filter((other) => other !== toxic);
    this.#effects.removed(toxic);
    this.#tell(because, toxic);
  }

  /** As `change`; and its time begins anew, or does not end if none is told. */
  renew(toxic: Toxic, spec: ToxicSpec): void {
    this.#expireAfter(spec.bounds.forMs, toxic);
    this.change(toxic, spec);
  }

  /** Stops all clocks: the proxy is no more. */
  dispose(): void {
    for (const { timer } of this.#expiries.values()) timer.clear();
    this.#expiries.clear();
  }

  /** Bounds of those that have any, by name: how many ms and connections are left, and the seed. */
  bounds(): Readonly<Record<string, ToxicBounds>> {
    const bounded = this.#toxics.filter(({ spec }) => Object.values(spec.bounds).some((bound) => bound !== null));
    return Object.fromEntries(
      bounded.map((toxic) => {
        const endsMs = this.#expiries.get(toxic)?.endsMs ?? null;
        const forMs = endsMs === null ? null : Math.max(0, Math.round(endsMs - this.#instruments.clock.nowMs()));
        return [toxic.spec.name, { forMs, firstConnections: toxic.connectionsLeft, seed: toxic.spec.bounds.seed }];
      }),
    );
  }

  /** First those of the upstream, then those of the downstream, each in the order of creation. */
  toJSON(): readonly ToxicJson[] {
    const of = (direction: Direction) => this.#toxics.filter((toxic) => toxic.spec.direction === direction);
    return [...of("upstream"), ...of("downstream")].map((toxic) => toxic.toJSON());
  }

  #expireAfter(forMs: number | null, toxic: Toxic): void {
    this.#expiries.get(toxic)?.timer.clear();
    this.#expiries.delete(toxic);
    if (forMs === null) return;
    const timer = createTimer();
    this.#expiries.set(toxic, { timer, endsMs: this.#instruments.clock.nowMs() + forMs });
    timer.set(forMs, () => this.remove(toxic, "toxic-expired"));
  }

  #tell(event: Extract<ToldEvent["what"], { readonly toxic: ToxicJson }>["event"], toxic: Toxic): void {
    this.#instruments.events.tell(this.#proxy, () => ({ event, toxic: toxic.toJSON() }));
  }
}
