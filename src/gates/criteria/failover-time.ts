import { timeCriterion } from "../time-criterion.ts";

/** Failover, worst upper end, within --failover-sla. */
export const failoverTime = timeCriterion("failover_time", ({ failover_sla_ms: limitMs }) => limitMs);
