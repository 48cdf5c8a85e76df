import type { Criterion } from "../criterion.ts";
import { cascadingFailure } from "./cascading-failure.ts";
import { conflictResolutionTime } from "./conflict-resolution-time.ts";
import { dataCorruption } from "./data-corruption.ts";
import { failoverTime } from "./failover-time.ts";
import { leaderElectionFailure } from "./leader-election-failure.ts";
import { lineCoverage } from "./line-coverage.ts";
import { networkPartition } from "./network-partition.ts";
import { p2pConnectionTime } from "./p2p-connection-time.ts";
import { resourceExhaustion } from "./resource-exhaustion.ts";

/** Everything that must hold for a GO where flags alone decide, in the order in which it is told. */
export const criteria = {
  network_partition: networkPartition,
  resource_exhaustion: resourceExhaustion,
  cascading_failure: cascadingFailure,
  leader_election_failure: leaderElectionFailure,
  data_corruption: dataCorruption,
  failover_time: failoverTime,
  p2p_connection_time: p2pConnectionTime,
  conflict_resolution_time: conflictResolutionTime,
  line_coverage: lineCoverage,
} as const satisfies Record<string, Criterion>;
