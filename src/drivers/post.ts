import { Agent, request } from "undici";
import { wallMs } from "../core/clock.ts";
import { formatMs } from "../core/duration.ts";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import { percentDecoded } from "../core/percent-decoded.ts";
import type { Message, Post, Posted } from "../core/post.ts";
import { within } from "../core/wait.ts";

/** Of an answer no more is read, in characters. */
const keptAnswer = 10_000;

/** What sends messages elsewhere, over connections of its own. */
export interface Poster {
  readonly post: Post;
  /** Closes every connection at once. */
  close(): Promise<void>;
}

/** Opens what sends messages elsewhere. One call is one attempt. */
export function openPoster(): Poster {
  const agent = new Agent({ connect: { timeout: 5000 }, headersTimeout: 15_000, bodyTimeout: 15_000 });
  const post: Post = async (message, { limitMs, signal }): Promise<Posted> => {
    const bounded = within(limitMs, signal);
    try {
      const { method, body } = message;
      const { url, headers } = addressed(message);
      const answer = await request(url, { dispatcher: agent, method, headers, body, signal: bounded });
      const after = answer.headers["retry-after"];
      return {
        kind: "answered",
        status: answer.statusCode,
        retryAfterMs: typeof after === "string" ? retryAfterMs(after, wallMs()) : null,
        body: await beginningOf(answer.body),
      };
    } catch (thrown) {
      signal.throwIfAborted();
      if (bounded.aborted) return { kind: "unanswered", error: `it was not whole within ${formatMs(limitMs)}` };
      return { kind: "unanswered", error: systemCodeOf(thrown) ?? messageOf(thrown) };
    }
  };
  return { post, close: () => agent.destroy() };
}

/** For how long an answer asks to be left alone, in ms from now: it says so in seconds, or by a date. Null: it does not say. */
export function retryAfterMs(header: string, nowMs: number): number | null {
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Where a message goes: a name and a password in a URL are sent as such, where no token is. */
function addressed({ url: text, headers }: Message): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(text);
  const { username, password } = url;
  [url.username, url.password] = ["", ""];
  if (username === "" || headers["authorization"] !== undefined) return { url, headers: { ...headers } };
  const pair = Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`).toString("base64");
  return { url, headers: { ...headers, authorization: `Basic ${pair}` } };
}

/** The beginning of an answer. The rest is not read: it may have no end. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= keptAnswer) break;
  }
  return text.slice(0, keptAnswer);
}
