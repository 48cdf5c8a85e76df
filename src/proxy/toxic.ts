import type { Random } from "../core/random.ts";
import type { Instruments } from "./instruments.ts";
import type { ToxicKind } from "./toxic-kind.ts";

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

/** A toxic that was checked and can be put on a proxy. */
export interface ToxicSpec extends ToxicJson {
  readonly direction: Direction;
  readonly kind: ToxicKind;
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
  #attributes: Readonly<Record<string, number>>;
  #toxicity: number;

  constructor(spec: ToxicSpec, place: ToxicPlace) {
    this.spec = spec;
    this.serial = place.serial;
    this.instruments = place.instruments;
    this.#label = `${place.proxy}/${spec.name}`;
    this.#attributes = spec.attributes;
    this.#toxicity = spec.toxicity;
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
    const opened = this.#streams.get(purpose) ?? this.instruments.random(`${this.#label}/${purpose}`);
    this.#streams.set(purpose, opened);
    return opened;
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
