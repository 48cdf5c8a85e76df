import { compares } from "../core/compare.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import type { Plan } from "../core/plan.ts";
import type { Expectation } from "../core/scenario.ts";
import type { Verdict } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

/**
 * One verdict for each expectation of the plan, named by its text. A limit is held against the worse end of the measurement; if only the
 * better end keeps it, that is unknown. What had not happened when waiting ended breaks every upper limit that was waited for.
 */
export function expectationVerdicts(
  plan: Pick<Plan, "expectations">,
  measurements: readonly Measurement[],
): readonly Verdict[] {
  return plan.expectations.map((expectation) => {
    const found = measurements.find(({ measure }) => measure === expectation.measure);
    if (found === undefined)
      return unknownVerdict(expectation.text, `there is no measurement of ${expectation.measure}`);
    switch (found.kind) {
      case "measured":
        return heldAgainst(expectation, found);
      case "beyond":
        return neverCame(expectation, found);
      case "not-measured":
        return unknownVerdict(expectation.text, `${expectation.measure} was not measured: ${found.reason}`);
    }
  });
}

function heldAgainst(expectation: Expectation, found: Extract<Measurement, { kind: "measured" }>): Verdict {
  const { text: check, comparator, limit } = expectation;
  const { low, high, unit, note } = found;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    return unknownVerdict(check, `${found.measure} is no number: from ${low} to ${high}`);
  }
  const [better, worse] = comparator === ">" || comparator === ">=" ? [high, low] : [low, high];
  const holds = (value: number): boolean => compares(value, comparator, limit);
  const value = low === high ? amount(low, unit) : `from ${amount(low, unit)} to ${amount(high, unit)}`;
  const margin = comparator === "==" ? "" : `, margin ${amount(marginOf(expectation, worse), unit)}`;
  const text = `${found.measure} was ${value}; the limit is ${comparator} ${amount(limit, unit)}${margin} (${note})`;
  if (holds(worse) && holds(better)) return { check, status: "pass", evidence: [{ text }] };
  const mayHold = comparator === "==" ? low <= limit && limit <= high : holds(better);
  if (!mayHold) return { check, status: "fail", evidence: [{ text }] };
  return unknownVerdict(check, "the limit lies within the measurement's uncertainty", [{ text }]);
}

function neverCame(expectation: Expectation, found: Extract<Measurement, { kind: "beyond" }>): Verdict {
  const { text: check, comparator, limit } = expectation;
  const { measure, atLeast, unit, note } = found;
  const waited = `${measure} had not ended after ${amount(atLeast, unit)}; the limit is ${comparator} ${amount(limit, unit)} (${note})`;
  if (comparator === ">" || comparator === ">=") {
    return unknownVerdict(check, `${measure} never ended, so that a lower limit has nothing to hold`, [
      { text: waited },
    ]);
  }
  if (atLeast >= limit) return { check, status: "fail", evidence: [{ text: waited }] };
  return unknownVerdict(check, `waiting for ${measure} ended before the limit`, [{ text: waited }]);
}

/** How far inside of the limit a value is; negative when it is beyond. */
function marginOf({ comparator, limit }: Expectation, value: number): number {
  return comparator === ">" || comparator === ">=" ? value - limit : limit - value;
}

function amount(value: number, unit: Unit): string {
  switch (unit) {
    case "ms":
      return `${Math.round(value * 1000) / 1000} ms`;
    case "ratio":
      return `${Math.round(value * 1e6) / 1e4} %`;
    case "count":
      return String(value);
    case "per-second":
      return `${Math.round(value * 100) / 100} a second`;
  }
}
