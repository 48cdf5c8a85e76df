import type { Measure } from "../core/check.ts";
import { failoverTime } from "./failover-time.ts";
import { recoveryTime } from "./recovery-time.ts";
import { uptimeRatio } from "./uptime-ratio.ts";

/** Every measure, by the name that an expectation uses. */
export const measures = {
  "failover.time": failoverTime,
  "recovery.time": recoveryTime,
  "uptime.ratio": uptimeRatio,
} as const satisfies Record<string, Measure>;
