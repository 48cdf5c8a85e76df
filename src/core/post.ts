/** Something that is sent to a place elsewhere. */
export interface Message {
  /** Where it goes, as it is told: never the URL, which may be a secret. */
  readonly to: string;
  readonly method: "POST" | "PUT" | "GET";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: none. */
  readonly body: string | null;
}

/** What came back of one attempt. */
export type Posted =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  | { readonly kind: "unanswered"; readonly error: string };

/** One attempt, at most so many ms long: nothing is tried again, no redirect is followed. */
export type Post = (
  message: Message,
  bounds: { readonly limitMs: number; readonly signal: AbortSignal },
) => Promise<Posted>;
