import type { Measure } from "../core/check.ts";
import type { History } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";
import { uptimeRequests } from "../core/uptime.ts";

const measured = { measure: "uptime.ratio", unit: "ratio" } as const;
/** Fewer requests than this say nothing of a share near 1. */
const leastRequests = 20;

/**
 * Share (0 to 1) of the uptime clients' requests that were answered within their limit, retries included (spec/1-mission: >= 99.5 %). A
 * request whose time was not over when the history ended does not count unless it was answered.
 */
export const uptimeRatio: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: `Share of the client requests, one each ${uptimeRequests.everyMs} ms, that are answered within ${uptimeRequests.answerLimitMs} ms with retries.`,
  measure: ({ history }) => {
    const { up, down, open } = counts(history);
    const counted = up + down;
    const left = open === 0 ? "" : `; ${open} more were still open when the history ended and do not count`;
    if (counted < leastRequests) {
      const reason = `${counted} requests of uptime clients, of at least ${leastRequests} that are needed${left}`;
      return { kind: "not-measured", ...measured, reason };
    }
    const ratio = up / counted;
    const note = `${up} of ${counted} requests were answered within ${uptimeRequests.answerLimitMs} ms${left}`;
    const value: Measurement = {
      kind: "measured",
      ...measured,
      low: ratio,
      high: ratio,
      resolutionMs: null,
      samples: counted,
      note,
    };
    return value;
  },
};

interface Request {
  readonly dueMs: number;
  isUp: boolean;
}

function counts(history: History): { readonly up: number; readonly down: number; readonly open: number } {
  const requests = new Map<string, Request>();
  for (const { client, invokedMs, completedMs, outcome } of history.operations()) {
    if (!client.startsWith(uptimeRequests.clientPrefix)) continue;
    const request = requests.get(client) ?? { dueMs: invokedMs, isUp: false };
    requests.set(client, request);
    if (outcome === "ok" && completedMs - request.dueMs <= uptimeRequests.answerLimitMs) request.isUp = true;
  }
  let up = 0;
  let open = 0;
  for (const { dueMs, isUp } of requests.values()) {
    if (isUp) up += 1;
    else if (dueMs + uptimeRequests.answerLimitMs > history.endMs) open += 1;
  }
  return { up, down: requests.size - up - open, open };
}
