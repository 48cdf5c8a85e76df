import type { Json } from "./json.ts";

/** Text with `{place}` holders, filled from a node, a peer or the arguments of an operation. */
export type Template = string;

/** An argument: a template, or one template for each peer, joined. */
export type Argument = Template | { readonly each: "peer"; readonly template: Template; readonly join: string };

/** How the answer of an operation is told apart: by status, and by the value at a place of the body. */
export interface AnswerPattern {
  readonly statuses: readonly number[];
  /** A JSON pointer and the value that must stand there; absent: the status decides. */
  readonly where?: { readonly pointer: string; readonly equals: Json };
}

/** An operation of the target over HTTP. */
export interface HttpOperation {
  readonly port: string;
  readonly method: string;
  readonly path: Template;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body: Json | null;
  readonly ok: AnswerPattern;
  /** Answers which prove that the operation did not happen and will not; everything else that is not ok may have happened. */
  readonly definite: readonly AnswerPattern[];
  /** Values of the answer: name to JSON pointer. A pointer with `*` for a list's index gives a list. */
  readonly values: Readonly<Record<string, string>>;
}

/** A fault hook of the target's own: put in force, taken back, and read. */
export interface Hook {
  readonly apply: string;
  readonly remove: string;
  readonly read: string;
  /** What `read` must give while it is in force. */
  readonly inForce: { readonly value: string; readonly equals: Json };
}

/** How nodes are started on this machine. */
export interface NodeStart {
  readonly program: Template;
  readonly arguments: readonly Argument[];
  readonly environment: Readonly<Record<string, Template>>;
}

/** What the harness knows of a system: nothing about it stands anywhere else. */
export interface Target {
  readonly name: string;
  readonly title: string;
  readonly nodes: {
    readonly prefix: string;
    readonly minimum: number;
    readonly maximum: number;
    readonly ports: readonly string[];
    readonly start: NodeStart;
    /** How long a node may take from its start to its first healthy answer, in ms. */
    readonly readyLimitMs: number;
  };
  /** The port over which nodes speak to each other; one proxy stands on each directed link. */
  readonly links: { readonly port: string };
  readonly operations: Readonly<Record<string, HttpOperation>>;
  readonly hooks: Readonly<Record<string, Hook>>;
  /** Where it was read from, for messages. */
  readonly file: string;
}
