import type { Probe, Sample } from "./probe.ts";

/**
 * Follows samples and tells whether all of these probes hold, and since when. The one predicate for live waits and for later measures.
 * Samples that were asked for before `sinceMs` do not count.
 */
export class SteadyWatch {
  readonly #probes: readonly Probe[];
  readonly #nodes: readonly string[];
  readonly #sinceMs: number;
  readonly #latest = new Map<string, Map<string, Sample>>();
  #holdsFromMs: number | null = null;
  #brokenAtMs: number | null = null;

  constructor(probes: readonly Probe[], nodes: readonly string[], sinceMs: number) {
    this.#probes = probes;
    this.#nodes = nodes;
    this.#sinceMs = sinceMs;
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
    return this.#probes.filter((probe) => !this.#isHeld(probe)).map(({ name }) => name);
  }

  /** The same for people: each with the first node that gave no good answer, and its error. */
  brokenText(): string {
    const texts = this.#probes
      .filter((probe) => !this.#isHeld(probe))
      .map(({ name, operation }) => {
        const bad = [...(this.#latest.get(operation)?.values() ?? [])].find(({ error }) => error !== null);
        return bad === undefined ? name : `${name} (${bad.node}: ${bad.error})`;
      });
    return texts.join(", ");
  }

  #isHeld(probe: Probe): boolean {
    return probe.holds(this.#latest.get(probe.operation) ?? new Map(), this.#nodes);
  }

  feed(sample: Sample): void {
    if (sample.sentMs < this.#sinceMs || !this.#probes.some(({ operation }) => operation === sample.probe)) return;
    const ofOperation = this.#latest.get(sample.probe) ?? new Map<string, Sample>();
    this.#latest.set(sample.probe, ofOperation.set(sample.node, sample));
    if (this.broken().length === 0) {
      this.#holdsFromMs ??= sample.atMs;
    } else {
      this.#holdsFromMs = null;
      this.#brokenAtMs = sample.atMs;
    }
  }
}
