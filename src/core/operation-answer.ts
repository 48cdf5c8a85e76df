import type { Json } from "./json.ts";

/** What came of an operation: `fail` only where it provably did not and will not happen; everything else that is not ok is `info`. */
export type OperationAnswer =
  | {
      readonly outcome: "ok";
      readonly values: Readonly<Record<string, Json>>;
      /** What the answer says beside that, by the word of the target file; absent: nothing. */
      readonly says?: string;
    }
  | {
      readonly outcome: "fail" | "info";
      readonly error: string;
      /** Whether anything came back at all; false: the other side is silent, or cannot be reached. */
      readonly isAnswered: boolean;
      /** What the answer says beside that, by the word of the target file; absent: nothing. */
      readonly says?: string;
    };

/** One HTTP request, as a transport sends it: once, never again by itself. */
export interface HttpRequest {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Over TLS; without it in clear text. */
  readonly isSecure?: boolean;
}

/** What came back: a complete answer, or none. `notSent` is true only if not a byte of the request can have reached the other side. */
export type HttpAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string }
  | { readonly answered: false; readonly notSent: boolean; readonly error: string };

/** Sends one request; resolves also when nothing answers. Rejects only if the signal aborts for another reason than its time-out. */
export type HttpTransport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/** Calls an operation of the target on one node, with a time limit in ms. */
export type CallOperation = (call: {
  readonly node: string;
  readonly operation: string;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}) => Promise<OperationAnswer>;

/** Calls operations that ask the same of one node by one request; an answer for each, by its name. */
export type CallTogether = (call: {
  readonly node: string;
  readonly operations: readonly string[];
  readonly arguments: Readonly<Record<string, Json>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}) => Promise<ReadonlyMap<string, OperationAnswer>>;
