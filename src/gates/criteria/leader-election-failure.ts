import { classCriterion } from "../class-criterion.ts";

/** Every run of the class leader_election_failure passed and recovered. */
export const leaderElectionFailure = classCriterion("leader_election_failure");
