import type { Capability } from "./capability.ts";
import type { JsonObject } from "./json.ts";

/** A directed link: the bytes that `from` sends to `to`. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** The name of a directed link, as `n1>n2`. */
export function linkName(link: Link): string {
  return `${link.from}>${link.to}`;
}

/** What an action acts on. */
export type Subject = { readonly kind: "node"; readonly node: string } | { readonly kind: "link"; readonly link: Link };

/** The name of a subject, for ids, messages and the journal. */
export function subjectName(subject: Subject): string {
  return subject.kind === "node" ? subject.node : linkName(subject.link);
}

/**
 * One change to the system under test, as data. What undoes it is part of it: `remove` takes away what was added, `restore` puts back what
 * was captured, `irreversible` cannot be undone and is for targets that we own.
 */
export interface Action {
  /** `<fault>/<capability>/<subject>`: unique in a run, and the base of every name that is created for it. */
  readonly id: string;
  readonly fault: string;
  readonly capability: Capability;
  readonly subject: Subject;
  readonly params: JsonObject;
  readonly undo: "remove" | "restore" | "irreversible";
}

/** Makes an action; its id follows from what it does. */
export function action(parts: Omit<Action, "id">): Action {
  return { id: `${parts.fault}/${parts.capability}/${subjectName(parts.subject)}`, ...parts };
}

/** What a driver reads back of an action; `unreadable`: it could not be told. */
export type Reading = "in-force" | "absent" | "unreadable";

/**
 * The four verbs of a driver, each for a whole batch: a cut of a thousand links is one act. Each is idempotent, keyed by the actions' ids; `read`
 * looks at the system, never at what was asked of it.
 */
export interface Driver {
  /** What is there now and must be there again after healing, as JSON for the journal; in the order of the batch. */
  capture(batch: readonly Action[], signal: AbortSignal): Promise<readonly JsonObject[]>;
  /** Puts a batch in force. Throws if any of it could not be; what was done then is undone by `remove` of the same batch. */
  apply(batch: readonly Action[], signal: AbortSignal): Promise<void>;
  /** Undoes a batch; harmless for what is not in force. */
  remove(batch: readonly Action[], signal: AbortSignal): Promise<void>;
  /** In the order of the batch. */
  read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]>;
}
