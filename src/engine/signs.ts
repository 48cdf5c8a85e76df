import type { Sign } from "../core/fault.ts";
import { signName } from "../core/fault.ts";
import { isList } from "../core/json.ts";
import { own } from "../core/own.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import type { Hook } from "../core/target.ts";

/** A link counts as silent when nothing has arrived for this long, in ms: three of the keep-alives that a node sends. */
const silentMs = 300;
/** What was on its way when the fault came may still arrive for this long, in ms. */
const inFlightMs = 50;
/** So many answers in a row must be missing, whatever was asked, before a node counts as unreachable: one alone may be a slow moment. */
const missedAnswers = 2;

/**
 * The independent witness: follows what nodes themselves answer to the observers, and tells which of a fault's signs are there. It shares
 * no process and no connection with the driver. Samples asked for before the fault was in force do not count.
 */
export class SignWatch {
  readonly #signs: readonly Sign[];
  readonly #hooks: Readonly<Record<string, Hook>>;
  readonly #sinceMs: number;
  readonly #there = new Map<Sign, boolean>();
  readonly #missed = new Map<string, number>();

  constructor(signs: readonly Sign[], hooks: Readonly<Record<string, Hook>>, sinceMs: number) {
    this.#signs = signs;
    this.#hooks = hooks;
    this.#sinceMs = sinceMs;
  }

  /** The operations that have to be sampled for these signs. */
  operations(): readonly string[] {
    const ofSign = (sign: Sign): string => {
      if (sign.sign === "unreachable") return "health";
      return sign.sign === "unheard" ? "peers" : (own(this.#hooks, sign.hook)?.read ?? "health");
    };
    return [...new Set(this.#signs.map(ofSign))];
  }

  feed(sample: Sample): void {
    if (sample.sentMs < this.#sinceMs) return;
    this.#missed.set(sample.node, sample.answered ? 0 : (this.#missed.get(sample.node) ?? 0) + 1);
    for (const sign of this.#signs) {
      const isThere = this.#isThere(sign, sample);
      if (isThere !== null) this.#there.set(sign, isThere);
    }
  }

  /** Names of the signs that are there, and of those that are not, as last seen. */
  seen(): { readonly seen: readonly string[]; readonly unseen: readonly string[] } {
    const isSeen = (sign: Sign): boolean => this.#there.get(sign) === true;
    return {
      seen: this.#signs.filter(isSeen).map(signName),
      unseen: this.#signs.filter((sign) => !isSeen(sign)).map(signName),
    };
  }

  /** Whether every sign was looked at and is not there. */
  allGone(): boolean {
    return this.#signs.every((sign) => this.#there.get(sign) === false);
  }

  /** What this sample says of this sign; null: nothing. */
  #isThere(sign: Sign, sample: Sample): boolean | null {
    switch (sign.sign) {
      case "unreachable":
        if (sample.node !== sign.node) return null;
        return (this.#missed.get(sign.node) ?? 0) >= missedAnswers;
      case "unheard":
        if (sample.probe !== "peers" || sample.node !== sign.link.to || sample.error !== null) return null;
        return this.#isUnheard(sign.link.from, sample);
      case "hook": {
        const hook = own(this.#hooks, sign.hook);
        if (hook === undefined || sample.probe !== hook.read || sample.node !== sign.node) return null;
        return JSON.stringify(sampleValue(sample, hook.inForce.value)) === JSON.stringify(hook.inForce.equals);
      }
    }
  }

  /** Whether the witness hears nothing of this peer any more; null: its answer does not tell. */
  #isUnheard(peer: string, sample: Sample): boolean | null {
    const peers = sampleValue(sample, "peers");
    if (!isList(peers)) return null;
    const times = sampleValue(sample, "heardMs");
    // Without times the list says who is connected now. A peer of whom nobody knows the name may be this one.
    if (times === undefined) return peers.includes(peer) ? false : peers.includes(null) ? null : true;
    const heardMs = isList(times) ? times[peers.indexOf(peer)] : undefined;
    if (heardMs === null) return sample.sentMs - this.#sinceMs >= silentMs;
    if (typeof heardMs !== "number") return null;
    return heardMs >= silentMs && sample.atMs - heardMs <= this.#sinceMs + inFlightMs;
  }
}
