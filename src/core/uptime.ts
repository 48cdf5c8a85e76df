/** The requests by which uptime is told (spec/1-mission, "uptime"): one due each 100 ms, answered within 5 s with the client's own retries. */
export const uptimeRequests = {
  everyMs: 100,
  answerLimitMs: 5000,
  /** Each request is a client of its own in the history: this and its number. */
  clientPrefix: "uptime.",
} as const;
