import type { Measure } from "../core/check.ts";
import { conflictResolution } from "./conflict-resolution.ts";
import { errorsRatio } from "./errors-ratio.ts";
import { failoverTime } from "./failover-time.ts";
import { latencyP95 } from "./latency-p95.ts";
import { p2pConnection } from "./p2p-connection.ts";
import { recoveryTime } from "./recovery-time.ts";
import { throughputRate } from "./throughput-rate.ts";
import { uptimeRatio } from "./uptime-ratio.ts";
import { writesAcknowledged } from "./writes-acknowledged.ts";
import { writesLost } from "./writes-lost.ts";

/** Every measure, by the name that an expectation uses. */
export const measures = {
  "conflict.resolution": conflictResolution,
  "errors.ratio": errorsRatio,
  "failover.time": failoverTime,
  "latency.p95": latencyP95,
  "p2p.connection": p2pConnection,
  "recovery.time": recoveryTime,
  "throughput.rate": throughputRate,
  "uptime.ratio": uptimeRatio,
  "writes.acknowledged": writesAcknowledged,
  "writes.lost": writesLost,
} as const satisfies Record<string, Measure>;
