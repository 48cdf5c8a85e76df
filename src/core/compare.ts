import { assertNever } from "./assert-never.ts";
import type { Comparator } from "./scenario.ts";

/** Whether `value comparator limit` holds. */
export function compares(value: number, comparator: Comparator, limit: number): boolean {
  switch (comparator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "==":
      return value === limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
    default:
      return assertNever(comparator);
  }
}
