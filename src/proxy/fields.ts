import { ApiError } from "./api-error.ts";

/** Reads a JSON object as Go's decoder does: names in any case, unknown ones ignored, `null` like absent, wrong types refused with 400. */
export class Fields {
  readonly #struct: string;
  readonly #values: ReadonlyMap<string, unknown>;

  /** `struct` is the name that errors carry. Throws `ApiError` 400 if the value is neither an object nor null. */
  constructor(value: unknown, struct: string) {
    this.#struct = struct;
    if (!isObjectOrNull(value))
      throw badBody(`json: cannot unmarshal ${goType(value)} into Go value of type ${struct}`);
    this.#values = new Map(Object.entries(value ?? {}).map(([name, field]) => [name.toLowerCase(), field]));
  }

  /** The names that were sent, in lower case. */
  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  text(name: string, absent: string): string {
    const value = this.#value(name) ?? absent;
    return typeof value === "string" ? value : this.#refuse(name, "string");
  }

  flag(name: string, absent: boolean): boolean {
    const value = this.#value(name) ?? absent;
    return typeof value === "boolean" ? value : this.#refuse(name, "bool");
  }

  number(name: string, absent: number): number {
    const value = this.#value(name) ?? absent;
    return typeof value === "number" ? value : this.#refuse(name, "float32");
  }

  integer(name: string, absent: number): number {
    const value = this.#value(name) ?? absent;
    return typeof value === "number" && Number.isInteger(value) ? value : this.#refuse(name, "int64");
  }

  list(name: string): readonly unknown[] {
    const value = this.#value(name) ?? [];
    return Array.isArray(value) ? value : this.#refuse(name, "[]object");
  }

  /** The object in a field, with its own name in errors. */
  object(name: string, struct: string): Fields {
    return new Fields(this.#value(name) ?? null, struct);
  }

  #value(name: string): unknown {
    return this.#values.get(name.toLowerCase());
  }

  #refuse(name: string, type: string): never {
    const value = this.#value(name);
    const shown = typeof value === "number" ? `number ${value}` : goType(value);
    throw badBody(`json: cannot unmarshal ${shown} into Go struct field ${this.#struct}.${name} of type ${type}`);
  }
}

/** The value of a request body. Throws `ApiError` 400 if it is no JSON. */
export function parseBody(body: string): unknown {
  if (body.trim() === "") throw badBody("EOF");
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch (cause) {
    throw badBody(cause instanceof Error ? cause.message : "invalid JSON", cause);
  }
}

/** The items of an array, none for null. Throws `ApiError` 400 for anything else. */
export function parseList(value: unknown, struct: string): readonly unknown[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw badBody(`json: cannot unmarshal ${goType(value)} into Go value of type []${struct}`);
}

function badBody(message: string, cause?: unknown): ApiError {
  return new ApiError(400, `bad request body: ${message}`, { cause });
}

function isObjectOrNull(value: unknown): value is object | null {
  return typeof value === "object" && !Array.isArray(value);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
