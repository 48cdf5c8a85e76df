/** Closes a `switch` over a union: a new member that is not handled fails to compile. Throws when data from outside slipped past its parser. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`);
}
