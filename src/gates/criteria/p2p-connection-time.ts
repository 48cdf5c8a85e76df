import { timeCriterion } from "../time-criterion.ts";

/** A new agent's connection, worst upper end, within --p2p-connection-sla. */
export const p2pConnectionTime = timeCriterion("p2p_connection_time", ({ p2p_connection_sla_ms: limitMs }) => limitMs);
