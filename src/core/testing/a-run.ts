import type { RunInfo } from "../report.ts";

/** For tests: where and how a run was made. */
export const aRun: RunInfo = {
  id: "r1",
  series: "s1",
  planned: 1,
  startedAt: "2026-01-01T00:00:00Z",
  reproduce: "prism-chaos run s",
  tool: { version: "1", node: "v24", platform: "x" },
  commit: null,
  attempt: 1,
  proxy: null,
};
