import { type Random, randomStream } from "../core/random.ts";
import type { Instruments } from "./instruments.ts";
import type { Stage } from "./stage.ts";
import type { StageContext, ToxicKind } from "./toxic-kind.ts";

/** `upstream` is the bytes that go from the client to the server, `downstream` those that come back. */
export type Direction = "upstream" | "downstream";

/** A toxic as it goes over the wire, in Toxiproxy's order. */
export interface ToxicJson {
  readonly attributes: Readonly<Record<string, number>>;
  readonly name: string;
  readonly type: string;
  /** The direction, in the letters in which it was sent. */
  readonly stream: string;
  readonly toxicity: number;
}

/** What bounds a toxic beyond its attributes; the real one has none of it. Null for no bound. */
export interface ToxicBounds {
  /** After so many ms it is removed by itself. */
  readonly forMs: number | null;
  /** It acts on so many of the connections that are made from now on, and on none that is there already. */
  readonly firstConnections: number | null;
  /** Seed of its draws, whatever proxy it is on; null for draws by the server's seed and the proxy's name. */
  readonly seed: string | null;
}

/** No bound at all. */
export const unbounded: ToxicBounds = { forMs: null, firstConnections: null, seed: null };

/** A toxic that was checked and can be put on a proxy. */
export interface ToxicSpec extends ToxicJson {
  readonly direction: Direction;
  readonly kind: ToxicKind;
  readonly bounds: ToxicBounds;
}

/** Where a toxic stands in its proxy. */
export interface ToxicPlace {
  readonly proxy: string;
  /** Grows with every toxic of the proxy: toxics act in the order in which they were created. */
  readonly serial: number;
  readonly instruments: Instruments;
}

/** What a change of a toxic may change. */
export type ToxicChange = Pick<ToxicJson, "attributes" | "toxicity">;

/** One toxic on one proxy, at work on all its connections. */
export class Toxic {
  readonly spec: ToxicSpec;
  readonly serial: number;
  readonly instruments: Instruments;
  readonly #label: string;
  readonly #streams = new Map<string, Random>();
  readonly #openStage: (context: StageContext<string>) => Stage;
  #connectionsLeft: number | null;
  #attributes: Readonly<Record<string, number>>;
  #toxicity: number;

  constructor(spec: ToxicSpec, place: ToxicPlace) {
    this.spec = spec;
    this.serial = place.serial;
    this.instruments = place.instruments;
    this.#label = `${place.proxy}/${spec.name}`;
    this.#attributes = spec.attributes;
    this.#toxicity = spec.toxicity;
    this.#openStage = spec.kind.share?.() ?? ((context) => spec.kind.openStage(context));
    this.#connectionsLeft = spec.bounds.firstConnections;
  }

  /** How many connections it will still act on; null for all. */
  get connectionsLeft(): number | null {
    return this.#connectionsLeft;
  }

  /** Whether it may act on a connection at all, and takes note of it: of a bounded number, those that are `fresh` come first. */
  admits(isFresh: boolean): boolean {
    if (this.#connectionsLeft === null) return true;
    if (!isFresh || this.#connectionsLeft === 0) return false;
    this.#connectionsLeft -= 1;
    return true;
  }

  openStage(context: Pick<StageContext<string>, "output">): Stage {
    return this.#openStage({
      ...context,
      setting: (attribute) => this.setting(attribute),
      random: () => this.random("stage"),
      clock: this.instruments.clock,
    });
  }

  /** The share of connections on which it acts, 0 to 1. */
  get toxicity(): number {
    return this.#toxicity;
  }

  /** The value of an attribute now; 0 for one that it does not have. */
  setting(attribute: string): number {
    return this.#attributes[attribute] ?? 0;
  }

  /** The toxic's draws for one purpose; opened at the first use, because most toxics draw nothing. */
  random(purpose: "toxicity" | "stage"): Random {
    const opened = this.#streams.get(purpose) ?? this.#openRandom(purpose);
    this.#streams.set(purpose, opened);
    return opened;
  }

  #openRandom(purpose: string): Random {
    const { seed } = this.spec.bounds;
    return seed === null ? this.instruments.random(`${this.#label}/${purpose}`) : randomStream(seed, purpose);
  }

  change(change: ToxicChange): void {
    this.#attributes = change.attributes;
    this.#toxicity = change.toxicity;
  }

  toJSON(): ToxicJson {
    const { name, type, stream } = this.spec;
    return { attributes: this.#attributes, name, type, stream, toxicity: this.#toxicity };
  }
}
