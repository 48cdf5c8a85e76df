import type { Capability } from "./capability.ts";
import type { Json } from "./json.ts";
import type { NodeAddress } from "./keeper-port.ts";

/** Text with `{place}` or `{place|filter}` holders, filled from a node, a peer or the arguments of an operation. */
export type Template = string;

/** A value that is named, never written down: read where it is used, and part of no plan, history, journal, report or message. Paths are absolute. */
export type Secret = { readonly fromEnvironment: string } | { readonly fromFile: string };

/** The value of an environment variable that a process is given. */
export type EnvironmentValue = Template | Secret;

/** An argument: a template, or one template for each peer that it may dial (or each member: the node itself too; or each voter), joined. */
export type Argument =
  Template | { readonly each: "peer" | "member" | "voter"; readonly template: Template; readonly join: string };

/** Something that must hold of an answer. A pointer leads into its JSON; without one it is the whole text that must match. */
export type Condition =
  | { readonly kind: "equals"; readonly pointer: string; readonly value: Json }
  | { readonly kind: "absent"; readonly pointer: string }
  | { readonly kind: "matches"; readonly pointer: string | null; readonly pattern: string };

/** How an answer is told apart: by its code (HTTP status, exit code; null: any) and by what must hold of it. */
export interface AnswerPattern {
  readonly codes: readonly number[] | null;
  readonly where: readonly Condition[];
}

/** What can be made of a value on its way out of an answer. */
export const conversions = ["integer", "number", "text", "base64", "hex", "node"] as const;
export type Conversion = (typeof conversions)[number];

/** Where a value stands in an answer, and what is made of it. */
export interface ValuePath {
  readonly place:
    { readonly kind: "pointer"; readonly pointer: string } | { readonly kind: "match"; readonly pattern: string };
  /** A list: every match, or every item of the list at the place; the conversions apply to each. */
  readonly each: boolean;
  readonly as: readonly Conversion[];
  /** What the value is where the place is not there; null: then the answer is none. */
  readonly absent: { readonly value: Json } | null;
}

/** How answers of an operation are read, whatever carries them. */
export interface Answering {
  readonly answer: "json" | "text";
  readonly ok: AnswerPattern;
  /** Answers which prove that the operation did not happen and will not; everything else that is not ok may have happened. */
  readonly definite: readonly AnswerPattern[];
  readonly values: Readonly<Record<string, ValuePath>>;
  /** Answers that say something more, good or not, by what they say: `queued`, `degraded`, `throttled`. The first that fits counts. */
  readonly says: Readonly<Record<string, AnswerPattern>>;
}

/** An operation over HTTP. */
export interface HttpOperation extends Answering {
  readonly by: "http";
  readonly port: string;
  readonly method: string;
  readonly path: Template;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body: Json | null;
  /** Bodies instead of `body` where the arguments have these values; the first that fits. */
  readonly cases: readonly { readonly when: Readonly<Record<string, Json>>; readonly body: Json }[];
  readonly credentials: boolean;
}

/** An operation over a WebSocket connection of its own: one message out, one message back. */
export interface WebSocketOperation extends Answering {
  readonly by: "websocket";
  readonly port: string;
  readonly path: Template;
  readonly headers: Readonly<Record<string, Template>>;
  /** A text, or JSON that is sent as text; null: nothing is sent. */
  readonly send: Json;
  /** The answer is the first message of which all this holds. */
  readonly until: readonly Condition[];
  readonly credentials: boolean;
}

/** An operation over a TCP connection of its own: text out, text back. */
export interface TcpOperation extends Answering {
  readonly by: "tcp";
  readonly port: string;
  readonly send: Template;
  /** The answer is whole when what was received matches; null: when the other side ends the connection. */
  readonly until: string | null;
}

/** An operation that is a program run here: its exit code and what it prints are the answer. */
export interface CommandOperation extends Answering {
  readonly by: "command";
  readonly program: Template;
  readonly arguments: readonly Template[];
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  readonly input: Template;
}

/** Something that can be asked of a node, or done on it. */
export type Operation = HttpOperation | WebSocketOperation | TcpOperation | CommandOperation;

/** A fault hook of the target's own: put in force, taken back, and read. */
export interface Hook {
  readonly apply: string;
  readonly remove: string;
  readonly read: string;
  /** Names of what it is told each time; `{name}` holders in its operations, and in `inForce`, stand for them. */
  readonly arguments: readonly string[];
  /** What `read` must give while it is in force. */
  readonly inForce: { readonly value: string; readonly equals: Json };
  /** Another operation, and its value, by which anybody sees that it is in force; null: what `read` tells must do. */
  readonly shows: { readonly operation: string; readonly value: string; readonly equals: Json } | null;
}

/** A value of an operation's answer. */
export interface ReportedValue {
  readonly operation: string;
  readonly value: string;
}

/** Files of a node's data, relative to its folder: one, or those of a folder whose names match. */
export interface NodeFiles {
  readonly place:
    | { readonly kind: "file"; readonly file: string }
    | { readonly kind: "folder"; readonly folder: string; readonly match: string };
  /** So many bytes at the beginning of each are no content: a header. */
  readonly skipBytes: number;
  /** How a node says that it has found files altered (a list or a number), and how many of them wait for repair; null: it does not. */
  readonly found: ReportedValue | null;
  readonly open: ReportedValue | null;
  /** What a node reports while the files cannot be opened; null: nothing. */
  readonly failing: (ReportedValue & { readonly equals: Json }) | null;
}

/** How nodes are started on this machine. */
export interface NodeStart {
  readonly program: Template;
  readonly arguments: readonly Argument[];
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
}

/** Where nodes come from: started here and disposed of here, or running already and only reached. */
export type NodeSource =
  | {
      readonly kind: "started";
      readonly prefix: string;
      readonly minimum: number;
      readonly maximum: number;
      readonly start: NodeStart;
    }
  | { readonly kind: "running"; readonly addresses: readonly NodeAddress[] };

/** The operation and its value that say on a node by which identity the system itself knows that node. */
export interface Identity {
  readonly operation: string;
  readonly value: string;
}

/** What every HTTP and WebSocket operation shows to be let in. */
export type Credentials =
  | { readonly kind: "bearer"; readonly token: Secret }
  | { readonly kind: "basic"; readonly user: string; readonly password: Secret }
  | { readonly kind: "header"; readonly name: string; readonly value: Secret };

/** Which ports speak TLS, and how. File paths are absolute. */
export interface Tls {
  readonly ports: readonly string[];
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  readonly serverName: string | null;
  readonly verify: boolean;
}

/** The links between nodes: one proxy stands on each directed one. */
export interface Links {
  /** The port over which nodes speak to each other. */
  readonly port: string;
  /** A link on which nothing was heard for this long is silent, in ms: some of the system's own keep-alives. */
  readonly silentAfterMs: number;
  /** Links of agents: how many possible peers each has, and their silence, in ms. Null: everybody is linked with everybody. */
  readonly agents: { readonly peers: number; readonly silentAfterMs: number } | null;
}

/** What the harness knows of a system: nothing about it stands anywhere else. */
export interface Target {
  readonly name: string;
  readonly title: string;
  readonly nodes: {
    readonly source: NodeSource;
    /** How many nodes unless the caller says otherwise; null: as many as the scenario's profile says. */
    readonly default: number | null;
    readonly ports: readonly string[];
    /** How long a node may take from its start to its first healthy answer, in ms. */
    readonly readyLimitMs: number;
    readonly identity: Identity | null;
    /** How many nodes vote, the first ones; the others are agents. Null: all vote. */
    readonly voters: number | null;
  };
  /** How nodes speak to each other; null: no proxies. */
  readonly links: Links | null;
  readonly credentials: Credentials | null;
  readonly tls: Tls | null;
  /** All that may be done to it, of what is possible; null: everything that is possible. */
  readonly capabilities: readonly Capability[] | null;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly hooks: Readonly<Record<string, Hook>>;
  /** Its services, and those that depend on each. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** Hooks that limit a node's memory and disk where the machine does not permit the harness to; they are told `bytes`. */
  readonly limits: { readonly memory: string | null; readonly disk: string | null };
  /** Files of a node's data that may be altered, by name. */
  readonly files: Readonly<Record<string, NodeFiles>>;
  /** Where it was read from, for messages. */
  readonly file: string;
}
