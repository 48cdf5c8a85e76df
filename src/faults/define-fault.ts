import type { ErrorObject } from "ajv";
import type { Static, TSchema } from "typebox";
import type { Capability } from "../core/capability.ts";
import { compileSchema } from "../core/document.ts";
import { lazily } from "../core/lazily.ts";
import type { Fault, FaultEffect, FaultInput, TargetNames } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { nearest } from "../core/suggest.ts";

/** A kind of fault with typed parameters. */
interface FaultDefinition<S extends TSchema> {
  readonly name: string;
  readonly summary: string;
  readonly params: S;
  /** Whom it is put on; nodes unless said. */
  readonly takes?: Fault["takes"];
  /** What the target must allow for it. */
  readonly capabilities: (params: Static<S>) => readonly Capability[];
  /** What it names of the target file; nothing unless said. */
  readonly refersTo?: (params: Static<S>) => Partial<TargetNames>;
  /** Pure: parameters and subjects to actions and signs. */
  readonly work: (params: Static<S>, input: FaultInput) => FaultEffect;
}

/** Makes a fault of its definition. Its parameters are known only in here: this is the one place that checks them. */
export function defineFault<S extends TSchema>(definition: FaultDefinition<S>): Fault {
  const validator = lazily(() => compileSchema<Static<S>>(definition.params));
  const checked = (params: JsonObject): Static<S> => {
    const candidate: unknown = params;
    const validate = validator();
    if (validate(candidate)) return candidate;
    throw new TypeError(`${definition.name}: ${(validate.errors ?? []).map(problemText).join("; ")}`);
  };
  return {
    name: definition.name,
    summary: definition.summary,
    takes: definition.takes ?? "nodes",
    schema: definition.params,
    check: (params) => {
      const validate = validator();
      return validate(params) ? [] : (validate.errors ?? []).map(problemText);
    },
    capabilities: (params) => definition.capabilities(checked(params)),
    refersTo: (params) => ({ hooks: [], files: [], ...definition.refersTo?.(checked(params)) }),
    work: (params, input) => definition.work(checked(params), input),
  };
}

function problemText(error: ErrorObject): string {
  const unknown: unknown = error.params["additionalProperty"];
  if (typeof unknown === "string") return `unknown parameter "${unknown}"`;
  const missing: unknown = error.params["missingProperty"];
  if (typeof missing === "string") return `the parameter "${missing}" is missing`;
  const allowed: unknown = error.params["allowedValues"];
  const name = error.instancePath.slice(1);
  if (!Array.isArray(allowed)) return `${name || "parameters"} ${error.message ?? "is wrong"}`;
  const typed = typeof error.data === "string" ? error.data : JSON.stringify(error.data);
  const near = nearest(typed, allowed.map(String));
  return `${name} is "${typed}", must be one of ${allowed.join(", ")}${near === null ? "" : ` (did you mean ${near}?)`}`;
}
