import { timeCriterion } from "../time-criterion.ts";

/** Conflict resolution, worst upper end, within --conflict-resolution-sla. */
export const conflictResolutionTime = timeCriterion(
  "conflict_resolution_time",
  ({ conflict_resolution_sla_ms: limitMs }) => limitMs,
);
