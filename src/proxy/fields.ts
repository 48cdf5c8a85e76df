import { ApiError } from "./api-error.ts";
import { JsonNumber } from "./body.ts";

/** Reads a JSON object as Go's decoder does: names in any case, unknown ones ignored, `null` like absent, wrong types refused with 400. */
export class Fields {
  /** The name that errors carry. */
  readonly struct: string;
  readonly #values: ReadonlyMap<string, unknown>;

  /** Throws `ApiError` 400 if the value is neither an object nor null. */
  constructor(value: unknown, struct: string) {
    this.struct = struct;
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
    const value = this.#value(name) ?? null;
    if (value === null) return absent;
    return value instanceof JsonNumber ? value.value : this.#refuse(name, "float32");
  }

  integer(name: string, absent: number): number {
    const value = this.#value(name) ?? null;
    if (value === null) return absent;
    return value instanceof JsonNumber && value.isInt64() ? value.value : this.#refuse(name, "int64");
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
    const shown = value instanceof JsonNumber ? `number ${value.text}` : goType(value);
    throw badBody(`json: cannot unmarshal ${shown} into Go struct field ${this.struct}.${name} of type ${type}`);
  }
}

/** The items of an array, none for null. Throws `ApiError` 400 for anything else. */
export function parseList(value: unknown, struct: string): readonly unknown[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw badBody(`json: cannot unmarshal ${goType(value)} into Go value of type []${struct}`);
}

function badBody(message: string): ApiError {
  return new ApiError(400, `bad request body: ${message}`);
}

function isObjectOrNull(value: unknown): value is object | null {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof JsonNumber);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof JsonNumber) return "number";
  return typeof value === "boolean" ? "bool" : typeof value;
}
