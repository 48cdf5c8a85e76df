import type { Clock } from "../core/clock.ts";
import { formatMs } from "../core/duration.ts";
import type { Message, Post, Posted } from "../core/post.ts";

/** What a delivery runs in. */
export interface Delivering {
  readonly post: Post;
  readonly clock: Clock;
  /** Waits so many ms, or rejects when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 (included) to 1 (excluded): waits are drawn, so that many that failed together do not come again together. */
  readonly fraction: () => number;
  /** For so long it is tried, in ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** How a delivery ended. */
export interface Delivered {
  readonly to: string;
  readonly isDelivered: boolean;
  readonly attempts: number;
  /** The status of the last answer, or null: there was none. */
  readonly status: number | null;
  readonly body: string;
  /** Why it is not delivered; empty where it is. */
  readonly problem: string;
}

/** Answers after which it is worth trying again: the place is busy, or on its way. */
const passing: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Sends a message until it is taken, is refused for good, or the time is over. The message is the same each time, and so is its idempotency
 * key: a place that took it without being able to say so takes it once.
 */
export async function deliver(message: Message, delivering: Delivering): Promise<Delivered> {
  const { clock, post, pause, fraction, limitMs, signal } = delivering;
  const deadlineMs = clock.nowMs() + limitMs;
  for (let attempts = 1; ; attempts += 1) {
    const posted = await post(message, { limitMs: Math.max(1, deadlineMs - clock.nowMs()), signal });
    const ended = { to: message.to, attempts, status: posted.kind === "answered" ? posted.status : null };
    const body = posted.kind === "answered" ? posted.body : "";
    const problem = problemOf(posted);
    if (problem === null) return { ...ended, isDelivered: true, body, problem: "" };
    const pauseMs = pauseBefore(posted, attempts, fraction());
    const isOver = clock.nowMs() + pauseMs >= deadlineMs;
    if (!isPassing(posted) || isOver)
      return { ...ended, isDelivered: false, body, problem: problem + askedText(posted) };
    await pause(pauseMs, signal);
  }
}

/** What is wrong with an answer; null: it was taken. */
function problemOf(posted: Posted): string | null {
  if (posted.kind === "unanswered") return `no answer: ${posted.error}`;
  const { status } = posted;
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return `it answers ${status}, a redirect, which is not followed; give the URL that it leads to`;
  if (status === 401 || status === 403) return `it answers ${status}: the token is missing, wrong, or may not do this`;
  return `it answers ${status}`;
}

function isPassing(posted: Posted): boolean {
  return posted.kind === "unanswered" || passing.includes(posted.status);
}

/** Twice as long each time, a drawn part of it; as long as the place itself asks, where it does. */
function pauseBefore(posted: Posted, attempts: number, fraction: number): number {
  const usualMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1));
  const drawnMs = usualMs / 2 + (usualMs / 2) * fraction;
  return Math.max(askedMs(posted) ?? 0, drawnMs);
}

function askedMs(posted: Posted): number | null {
  return posted.kind === "answered" ? posted.retryAfterMs : null;
}

/** When it would have been worth trying again; empty where the place did not say. */
function askedText(posted: Posted): string {
  const ms = isPassing(posted) ? askedMs(posted) : null;
  return ms === null ? "" : ` and asks to be tried again after ${formatMs(ms)}`;
}
