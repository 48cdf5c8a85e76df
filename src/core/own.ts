/**
 * What a record holds under a key that somebody wrote, or undefined. Never what every object inherits: a file may well name an operation
 * `valueOf`, and it must not be found.
 */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
