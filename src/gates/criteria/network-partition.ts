import { classCriterion } from "../class-criterion.ts";

/** Every run of the class network_partition passed and recovered. */
export const networkPartition = classCriterion("network_partition");
