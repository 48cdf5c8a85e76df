import type { Clock } from "./clock.ts";
import type { Change, OperationKind } from "./history-event.ts";
import type { CallOperation } from "./operation-answer.ts";
import type { BlockSettings, EditSettings, TaskSettings, WorkloadSettings } from "./scenario.ts";

/** An operation as a client asks for it. */
export interface Ask {
  readonly client: string;
  readonly process: number;
  readonly kind: OperationKind;
  readonly key: string;
  readonly value: string | null;
  readonly expected: string | null;
  readonly node: string;
}

/** What a client got. */
export type Got =
  | { readonly outcome: "ok"; readonly value: string | null }
  | { readonly outcome: "fail" | "info"; readonly error: string };

/** An edit as a client asks for it. */
export interface Edit {
  readonly node: string;
  readonly document: string;
  readonly field: string;
  readonly change: Change;
}

/** What a workload runs in. */
export interface WorkloadContext {
  readonly settings: WorkloadSettings;
  readonly nodes: readonly string[];
  readonly seed: string;
  readonly clock: Clock;
  /** Does one operation: takes down its invocation, calls, takes down how it ended. */
  readonly perform: (ask: Ask, signal: AbortSignal) => Promise<Got>;
  readonly call: CallOperation;
  /** Aborts when the traffic is to end; operations under way are still awaited. */
  readonly stop: AbortSignal;
  /** Aborts when the run is broken off: nothing is awaited any more, because healing waits. */
  readonly abandoned: AbortSignal;
  /** Resolves at once, or when traffic that is paused is resumed. */
  readonly unpaused: () => Promise<void>;
  /** How an operation's process numbers are told apart: each call gives a fresh one. */
  readonly freshProcess: () => number;
}

/** What clients run in that go on from the first fault until quiet is wanted. */
interface FaultedContext<Settings> {
  readonly settings: Settings;
  /** The nodes that are asked. */
  readonly nodes: readonly string[];
  readonly seed: string;
  readonly clock: Clock;
  /** Resolves to true as soon as a fault is in force; to false when nothing more is to be asked. */
  readonly mayBegin: () => Promise<boolean>;
  /** Aborts when nothing more is to be asked; what is under way is still awaited. */
  readonly stop: AbortSignal;
}

/** What the editors of documents run in. */
export interface EditContext extends FaultedContext<EditSettings> {
  /** Asks for one edit and takes down how it ended. */
  readonly edit: (edit: Edit) => Promise<void>;
}

/** What clients that put and read blocks run in. Content is base64. */
export interface BlockContext {
  readonly settings: BlockSettings;
  readonly nodes: readonly string[];
  readonly seed: string;
  readonly clock: Clock;
  /** Puts a block and takes down how it ended; gives its name, or null if it was not taken. */
  readonly put: (node: string, content: string) => Promise<string | null>;
  /** Reads a block that was taken, and takes down what came back. */
  readonly get: (node: string, block: string) => Promise<void>;
  /** Aborts when no more blocks are to be put; puts under way are still awaited. */
  readonly stop: AbortSignal;
}

/** What clients that give tasks run in. */
export interface TaskContext extends FaultedContext<TaskSettings> {
  /** Gives a node a task and takes down how that ended. */
  readonly give: (node: string) => Promise<void>;
}

/** Clients beside the workload; each resolves when its last request has ended. */
export interface SideClients {
  readonly editors: (context: EditContext) => Promise<void>;
  readonly blocks: (context: BlockContext) => Promise<void>;
  readonly tasks: (context: TaskContext) => Promise<void>;
}

/** A kind of traffic. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** The operations of the target that it uses. */
  readonly operations: readonly string[];
  /** Runs until `stop` aborts; resolves when the last operation has ended. */
  run(context: WorkloadContext): Promise<void>;
  /** Reads, after everything is healed and quiet, what is needed to tell whether anything was lost. `acknowledged` are keys with an acknowledged write. */
  finalReads(context: WorkloadContext, acknowledged: readonly string[]): Promise<void>;
}
