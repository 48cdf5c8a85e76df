import type { SourceDocument } from "../core/document.ts";
import type { Unit } from "../core/measurement.ts";
import type { PolicyFile } from "./policy-schema.ts";

/** The names that a policy may use: what is registered, handed in by the harness. */
export interface PolicyVocabulary {
  readonly measures: Readonly<Record<string, Unit>>;
  readonly checks: readonly string[];
  /** Names of the criteria of the contract. */
  readonly criteria: readonly string[];
  readonly scenarios: readonly string[];
  /** The variants of a scenario. */
  readonly variantsOf: (scenario: string) => readonly string[];
  /** Measures and checks of what is never waived: data loss and split brain. */
  readonly neverWaived: readonly string[];
}

/** What a policy is read with. */
export interface PolicyReading {
  readonly document: SourceDocument;
  readonly file: PolicyFile;
  readonly vocabulary: PolicyVocabulary;
  readonly report: (pointer: string, message: string) => void;
}
