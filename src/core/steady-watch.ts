import type { HistoryEvent } from "./history-event.ts";
import { type Membership, nodesOf } from "./membership.ts";
import type { Probe, Sample } from "./probe.ts";

/** What is watched, and on which nodes. */
export interface Watched {
  readonly probes: readonly Probe[];
  readonly membership: Membership;
  /** Samples that were asked for before this do not count, in ms since the run's start. */
  readonly sinceMs: number;
  /** Joiners that had been told to join before. */
  readonly joined?: Iterable<string>;
}

/** Follows events and tells whether all probes hold, and since when. The one predicate for live waits and for later measures. */
export class SteadyWatch {
  readonly #probes: readonly Probe[];
  readonly #membership: Membership;
  readonly #sinceMs: number;
  readonly #joined: Set<string>;
  readonly #latest = new Map<string, Map<string, Sample>>();
  /** The probes that held when they were last looked at. */
  readonly #held = new Set<Probe>();
  #holdsFromMs: number | null = null;
  #brokenAtMs: number | null = null;

  constructor({ probes, membership, sinceMs, joined = [] }: Watched) {
    this.#probes = probes;
    this.#membership = membership;
    this.#sinceMs = sinceMs;
    this.#joined = new Set(joined);
    for (const probe of probes) this.#look(probe);
  }

  /** Time of the first sample from which on all probes have held until now, or null while they do not. */
  get holdsFromMs(): number | null {
    return this.#holdsFromMs;
  }

  /** Time of the last sample that showed them broken, or null if none did yet. */
  get brokenAtMs(): number | null {
    return this.#brokenAtMs;
  }

  /** The names of the probes that do not hold now. */
  broken(): readonly string[] {
    return this.#probes.filter((probe) => !this.#held.has(probe)).map(({ name }) => name);
  }

  /** The same for people: each with the first node that gave no good answer, and its error. */
  brokenText(): string {
    const texts = this.#probes
      .filter((probe) => !this.#held.has(probe))
      .map(({ name, operation }) => {
        const bad = [...(this.#latest.get(operation)?.values() ?? [])].find(({ error }) => error !== null);
        return bad === undefined ? name : `${name} (${bad.node}: ${bad.error})`;
      });
    return texts.join(", ");
  }

  /** Takes in a sample, or that a node was told to join; anything else says nothing. */
  hear(event: HistoryEvent): void {
    if (event.type === "probe.sampled") this.feed(event);
    if (event.type !== "join.asked") return;
    this.#joined.add(event.node);
    for (const probe of this.#probes) this.#look(probe);
    if (this.#held.size < this.#probes.length) this.#holdsFromMs = null;
  }

  feed(sample: Sample): void {
    if (sample.sentMs < this.#sinceMs) return;
    const asked = this.#probes.filter(({ operation }) => operation === sample.probe);
    if (asked.length === 0) return;
    const ofOperation = this.#latest.get(sample.probe) ?? new Map<string, Sample>();
    this.#latest.set(sample.probe, ofOperation.set(sample.node, sample));
    for (const probe of asked) this.#look(probe);
    if (this.#held.size === this.#probes.length) {
      this.#holdsFromMs ??= sample.atMs;
    } else {
      this.#holdsFromMs = null;
      this.#brokenAtMs = sample.atMs;
    }
  }

  #look(probe: Probe): void {
    const nodes = nodesOf(probe.scope, this.#membership, this.#joined);
    if (probe.holds(this.#latest.get(probe.operation) ?? new Map(), nodes)) this.#held.add(probe);
    else this.#held.delete(probe);
  }
}
