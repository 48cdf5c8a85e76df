import type { Measure } from "../core/check.ts";
import { errorsRatio } from "./errors-ratio.ts";
import { failoverTime } from "./failover-time.ts";
import { recoveryTime } from "./recovery-time.ts";
import { uptimeRatio } from "./uptime-ratio.ts";
import { writesAcknowledged } from "./writes-acknowledged.ts";
import { writesLost } from "./writes-lost.ts";

/** Every measure, by the name that an expectation uses. */
export const measures = {
  "errors.ratio": errorsRatio,
  "failover.time": failoverTime,
  "recovery.time": recoveryTime,
  "uptime.ratio": uptimeRatio,
  "writes.acknowledged": writesAcknowledged,
  "writes.lost": writesLost,
} as const satisfies Record<string, Measure>;
