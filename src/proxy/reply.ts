/** What the HTTP side answers. */
export interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
  /** What goes on after the head is sent, line by line, until what it returns is called; absent where the body is all. */
  readonly follow?: (line: (text: string) => void) => () => void;
}

/** JSON without a newline behind it, as the real one sends it. */
export function jsonReply(status: number, value: unknown): Reply {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

/** No body. */
export function emptyReply(status: number): Reply {
  return { status, type: null, body: "" };
}

/** Plain text with a newline behind it, as Go's `http.Error` sends it. */
export function textReply(status: number, text: string): Reply {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** The real one's error shape: JSON which calls itself text. */
export function errorReply(status: number, error: string): Reply {
  return textReply(status, JSON.stringify({ error, status }));
}
