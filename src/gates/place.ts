import type { Finding, FindingKind } from "../core/decision.ts";

/** Where in the evidence something stands, whom it counts against, and how it is made anew. */
export interface Place {
  readonly file: string;
  /** RFC 6901 pointer. */
  readonly field: string;
  readonly criteria: readonly string[];
  readonly command: string;
}

/** What is said of a place. */
export interface Said {
  readonly reason: string;
  readonly measured: string;
  readonly required: string;
}

/** The place below another one. */
export function below(place: Place, ...parts: readonly (string | number)[]): Place {
  let field = place.field;
  for (const part of parts) field += typeof part === "number" ? `/${part}` : `/${escaped(part)}`;
  return { ...place, field };
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A finding at a place. */
export function findingAt(place: Place, kind: FindingKind, said: Said): Finding {
  return { kind, ...place, ...said };
}

/** Evidence at a place that cannot be believed. */
export function unusable(place: Place, said: Said): Finding {
  return findingAt(place, "unusable", said);
}

/** A finding if this is so. */
export function when(isSo: boolean, finding: () => Finding): readonly Finding[] {
  return isSo ? [finding()] : [];
}
