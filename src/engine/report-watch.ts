import { compares } from "../core/compare.ts";
import type { Reported, ReportSign } from "../core/fault.ts";
import { isList, type Json } from "../core/json.ts";
import { type Sample, sampleValue } from "../core/probe.ts";

/** Which of a report's conditions showed each fault, so that after healing it is that one which must be over. */
export class ReportWatch {
  /** The first condition of each sign that held while its fault was in force. */
  readonly #told = new Map<ReportSign, Reported>();
  /** From what counts are told to have grown. */
  readonly #from = new Map<Reported, number>();

  /** Counts are told to have grown since this answer, which was there before the fault; without one, since the first after it. */
  countFrom(sign: ReportSign, sample: Sample): void {
    if (sample.probe !== sign.operation) return;
    for (const condition of sign.force) {
      const count = numberIn(sampleValue(sample, condition.value) ?? null);
      if (count !== null) this.#from.set(condition, count);
    }
  }

  /** Whether a node's answer shows the sign; null: it does not tell. */
  isThere(sign: ReportSign, sample: Sample, isHealed: boolean): boolean | null {
    if (sample.probe !== sign.operation || sample.error !== null) return null;
    return isHealed ? this.#isLeft(sign, sample) : this.#isInForce(sign, sample);
  }

  /** From now on it is looked whether the signs are gone: counts are told from here. */
  beginHealed(): void {
    this.#from.clear();
  }

  #isInForce(sign: ReportSign, sample: Sample): boolean | null {
    const found = sign.force.map((one) => this.#holds(one, sample, false));
    const at = found.indexOf(true);
    const before = this.#told.get(sign);
    const first = sign.force[at];
    if (first !== undefined && (before === undefined || at < sign.force.indexOf(before))) this.#told.set(sign, first);
    return at >= 0 ? true : tells(found, false);
  }

  /** Any condition of `gone` ends it; without those, the end of what showed it. */
  #isLeft(sign: ReportSign, sample: Sample): boolean | null {
    if (sign.gone !== undefined) {
      const over = sign.gone.map((one) => this.#holds(one, sample, true));
      return over.includes(true) ? false : tells(over, true);
    }
    const told = this.#told.get(sign);
    const left = (told === undefined ? sign.force : [told]).map((one) => this.#holds(one, sample, true));
    return left.includes(true) ? true : tells(left, false);
  }

  /** Whether a condition holds; null: the answer has no such value. */
  #holds(condition: Reported, sample: Sample, isHealed: boolean): boolean | null {
    const found = sampleValue(sample, condition.value);
    if (found === undefined) return null;
    if ("equals" in condition) return JSON.stringify(found) === JSON.stringify(condition.equals);
    const number = numberIn(found);
    if (number === null) return false;
    const { comparator, limit, isGrowth = false } = condition;
    if (!isGrowth) return compares(number, comparator, limit);
    const from = this.#from.get(condition) ?? number;
    // While it is in force all that came since counts; afterwards only what still comes.
    this.#from.set(condition, isHealed ? number : from);
    return compares(number - from, comparator, limit);
  }
}

/** `otherwise`, if any of these conditions could be looked at. */
function tells(found: readonly (boolean | null)[], otherwise: boolean): boolean | null {
  return found.every((one) => one === null) ? null : otherwise;
}

function numberIn(value: Json): number | null {
  if (isList(value)) return value.length;
  return typeof value === "number" ? value : null;
}
