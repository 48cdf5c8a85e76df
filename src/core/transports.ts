import type { HttpTransport } from "./operation-answer.ts";

/**
 * What came back over a WebSocket or TCP connection, or of a program: text and, of a program, its exit code; or none. `notSent` is true only
 * if not a byte of what was to be sent can have reached the other side.
 */
export type TextAnswer =
  | { readonly answered: true; readonly code: number | null; readonly text: string }
  | { readonly answered: false; readonly notSent: boolean; readonly error: string };

/** One message over a WebSocket connection of its own. */
export interface WebSocketRequest {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: nothing is sent, the other side speaks first. */
  readonly send: string | null;
  /** Whether this message is the answer; those before it are passed over. */
  readonly isAnswer: (message: string) => boolean;
}

/** Text over a TCP connection of its own. */
export interface TcpRequest {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly send: string;
  /** Whether what was received until now is the whole answer; null: the end of the connection is its end. */
  readonly isWhole: ((received: string) => boolean) | null;
}

/** A program that is run here. */
export interface CommandRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

/** Carries one request; once, never again by itself. Resolves also when nothing answers; when the signal aborts, at once. */
export type Transport<R> = (request: R, signal: AbortSignal) => Promise<TextAnswer>;

/** Everything that can carry an operation. */
export interface Transports {
  readonly http: HttpTransport;
  readonly websocket: Transport<WebSocketRequest>;
  readonly tcp: Transport<TcpRequest>;
  readonly command: Transport<CommandRequest>;
}

/** What TLS connections are made with: file contents, not paths. */
export interface TlsMaterial {
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  readonly serverName: string | null;
  readonly verify: boolean;
}

/** Transports that are open, and their end. */
export interface OpenTransports {
  readonly transports: Transports;
  close(): Promise<void>;
}
