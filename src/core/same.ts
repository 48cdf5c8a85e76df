import { isDeepStrictEqual } from "node:util";

/** Whether two JSON values are the same, whatever the order of their keys. What both share is not looked through. */
export function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right);
}
