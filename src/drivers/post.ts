import { Agent, request } from "undici";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { Message, Post, Posted } from "../core/post.ts";

/** Of an answer no more is kept, in characters. */
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
  const post = async ({ url, method, headers, body }: Message, signal: AbortSignal): Promise<Posted> => {
    try {
      const answer = await request(url, { dispatcher: agent, method, headers: { ...headers }, body, signal });
      const after = answer.headers["retry-after"];
      const text = (await answer.body.text()).slice(0, keptAnswer);
      return {
        kind: "answered",
        status: answer.statusCode,
        retryAfter: typeof after === "string" ? after : null,
        body: text,
      };
    } catch (thrown) {
      signal.throwIfAborted();
      return { kind: "unanswered", error: systemCodeOf(thrown) ?? messageOf(thrown) };
    }
  };
  return { post, close: () => agent.destroy() };
}
