import type { Json } from "./json.ts";
import type { Cast } from "./selection.ts";

/** What a client asks for. */
export const operationKinds = ["read", "write", "cas"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Phases of a run, in order. */
export const phases = [
  "starting",
  "steady-before",
  "warm-up",
  "faults",
  "recovery",
  "cool-down",
  "final-reads",
  "closing",
] as const;
export type Phase = (typeof phases)[number];

/** Everything that is recorded of a run. Times are ms since the run's start, on the harness's one monotonic clock; order is that of recording. */
export type HistoryEvent =
  | {
      readonly type: "op.invoked";
      readonly atMs: number;
      /** Number of the operation in this history; its completion names it. */
      readonly op: number;
      /** A client that got no answer goes on under a new process number: the old one may still be at work. */
      readonly process: number;
      readonly client: string;
      readonly kind: OperationKind;
      readonly key: string;
      /** What is written, or null for a read. */
      readonly value: string | null;
      /** What a cas expects; null: the key is absent. Null for others. */
      readonly expected: string | null;
      /** The node that was asked. */
      readonly node: string;
    }
  | {
      readonly type: "op.ok";
      readonly atMs: number;
      readonly op: number;
      /** What a read returned (null: absent), or what was written. */
      readonly value: string | null;
      /** Who committed it and in which term, where the answer says so. */
      readonly leader: string | null;
      readonly term: number | null;
    }
  | ({ readonly type: "op.fail" } & Unanswered)
  | ({ readonly type: "op.info" } & Unanswered)
  | {
      readonly type: "fault.resolved";
      readonly atMs: number;
      readonly fault: string;
      /** Who plays which part, and whom the step's own words meant: label or words to nodes. */
      readonly cast: Cast;
      readonly actions: readonly string[];
      readonly signs: readonly string[];
    }
  | ({ readonly type: "fault.injected" } & FaultChange)
  | ({ readonly type: "fault.healed"; readonly altered?: number } & FaultChange)
  | {
      /** Files of a node's data that a fault altered and nobody takes back, relative to its folder. */
      readonly type: "fault.altered";
      readonly atMs: number;
      readonly fault: string;
      readonly node: string;
      readonly files: readonly string[];
    }
  | {
      readonly type: "fault.observed";
      readonly atMs: number;
      readonly fault: string;
      /** The signs that an independent witness saw, and those that it did not within its time. */
      readonly seen: readonly string[];
      readonly unseen: readonly string[];
      /** Whether the signs were looked for while the fault was in force, or (all gone) after healing. */
      readonly during: "force" | "healing";
    }
  | {
      readonly type: "probe.sampled";
      readonly atMs: number;
      readonly sentMs: number;
      readonly probe: string;
      readonly node: string;
      /** What the node said, or null if it gave no good answer. */
      readonly value: Json;
      readonly error: string | null;
      /** Whether anything came back, good or not. */
      readonly answered: boolean;
    }
  | {
      /** A step of the timeline that could not be done; the steps after it were left out. */
      readonly type: "step.missed";
      readonly atMs: number;
      readonly reason: string;
    }
  | {
      /** What became of an abort condition while the faults were in force. */
      readonly type: "abort.watched";
      readonly atMs: number;
      readonly condition: string;
      /** Whether it held for as long as it says, which ended the faults at once. */
      readonly met: boolean;
      /** How often its gauge could be read, and the value nearest to the limit or beyond (null: none). */
      readonly looks: number;
      readonly worst: number | null;
    }
  | {
      /** A client asked a node to make an edit, and how that ended. */
      readonly type: "edit.ended";
      readonly atMs: number;
      readonly sentMs: number;
      readonly node: string;
      readonly document: string;
      readonly field: string;
      readonly change: Change;
      /** As of operations: `fail` only where it provably was not made. */
      readonly outcome: "ok" | "fail" | "info";
      readonly error: string | null;
    }
  | {
      /** What a node says that a document holds, field by field. */
      readonly type: "document.read";
      readonly atMs: number;
      readonly sentMs: number;
      readonly node: string;
      readonly document: string;
      readonly fields: Json;
    }
  | {
      /** A client put a block or read one, and how that ended. */
      readonly type: "block.ended";
      readonly atMs: number;
      readonly sentMs: number;
      readonly node: string;
      readonly kind: "put" | "get";
      /** The block's name, by its content. */
      readonly block: string;
      /** As of operations: `fail` only where it provably was not made. */
      readonly outcome: "ok" | "fail" | "info";
      /** What the answer said beside that (`queued`, `degraded`), or null. */
      readonly says: string | null;
      /** Whether what was read is what was put; null: nothing was read. */
      readonly intact: boolean | null;
      readonly error: string | null;
    }
  | {
      /** A client gave a node a task, and how that ended: `fail` with `throttled` where the node put it off. */
      readonly type: "task.ended";
      readonly atMs: number;
      readonly sentMs: number;
      readonly node: string;
      readonly outcome: "ok" | "fail" | "info";
      readonly says: string | null;
      readonly error: string | null;
    }
  | {
      /** A node told, without being asked, that something is critical; null: it was waited for, and it did not. */
      readonly type: "notice.heard";
      readonly atMs: number;
      readonly node: string;
      readonly notice: string | null;
    }
  | {
      /** A node ended although nobody ended it. */
      readonly type: "node.ended";
      readonly atMs: number;
      readonly node: string;
      readonly how: string;
    }
  | {
      /** An agent was told to join; stamped when it was asked. */
      readonly type: "join.asked";
      readonly atMs: number;
      readonly node: string;
      /** Why it could not be asked, or null. */
      readonly error: string | null;
    }
  | { readonly type: "leader.changed"; readonly atMs: number; readonly leader: string; readonly term: number }
  | { readonly type: "phase.entered"; readonly atMs: number; readonly phase: Phase };

/** What an edit does to its field: writes it, adds to its set, or adds to its counter. */
export type Change =
  | { readonly kind: "register"; readonly value: string }
  | { readonly kind: "set"; readonly add: string }
  | { readonly kind: "counter"; readonly add: number };

/** An operation that was refused (fail: it did not and will not happen) or of which nobody knows (info). */
interface Unanswered {
  readonly atMs: number;
  readonly op: number;
  readonly error: string;
  /** What the answer said beside that, by the word of the target file; absent: nothing, or no answer came. */
  readonly says?: string;
}

/** A fault put in force, or taken back. */
interface FaultChange {
  readonly atMs: number;
  readonly fault: string;
  /** When the first of its changes began; `atMs` is when the last one was read back. */
  readonly startedMs: number;
  readonly actions: number;
  /** How many of them the driver read back as in force. */
  readonly inForce: number;
  /** What could not be done, in words. */
  readonly problems: readonly string[];
}

export type HistoryEventType = HistoryEvent["type"];
/** The type names, for whoever parses events. */
export const historyEventTypes = [
  "op.invoked",
  "op.ok",
  "op.fail",
  "op.info",
  "fault.resolved",
  "fault.injected",
  "fault.healed",
  "fault.observed",
  "fault.altered",
  "probe.sampled",
  "step.missed",
  "abort.watched",
  "edit.ended",
  "document.read",
  "block.ended",
  "task.ended",
  "notice.heard",
  "node.ended",
  "join.asked",
  "leader.changed",
  "phase.entered",
] as const satisfies readonly HistoryEventType[];

/** The event of one type. */
export type EventOf<T extends HistoryEventType> = Extract<HistoryEvent, { readonly type: T }>;
