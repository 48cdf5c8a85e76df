import type { Json } from "../../core/json.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { XmlElement } from "./xml.ts";

/** A file of another tool, parsed as what it is: JSON, XML, or lines. */
export type Content =
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "xml"; readonly root: XmlElement }
  | { readonly kind: "lines"; readonly lines: readonly string[] };

/** What a file came to: quantities, or why it says nothing (`isEmpty`) or cannot be believed. */
export type Reading =
  | { readonly measurements: readonly Measurement[] }
  | { readonly problem: string; readonly field: string; readonly isEmpty: boolean };

/** A format of another tool. Pure. */
export interface Source {
  /** As people know it. */
  readonly name: string;
  /** Null: it is another format. */
  read(content: Content): Reading | null;
}

/** A whole number of something, that lies between two. */
export function counted(measure: string, [low, high]: readonly [number, number], note: string): Measurement {
  return { kind: "measured", measure, unit: "count", low, high, resolutionMs: null, samples: high, note };
}

/** A share of something, from 0 to 1, that lies between two counts of all. */
export function shared(
  measure: string,
  { low, high, of }: { readonly low: number; readonly high: number; readonly of: number },
  note: string,
): Measurement {
  return {
    kind: "measured",
    measure,
    unit: "ratio",
    low: low / of,
    high: high / of,
    resolutionMs: null,
    samples: of,
    note,
  };
}

/** A file that is of the format and says nothing: nothing was looked at. */
export function empty(problem: string, field = ""): Reading {
  return { problem, field, isEmpty: true };
}

/** A file that contradicts itself, or holds what its format does not have. */
export function contradictory(problem: string, field = ""): Reading {
  return { problem, field, isEmpty: false };
}
