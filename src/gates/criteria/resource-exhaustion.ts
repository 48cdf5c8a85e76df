import { classCriterion } from "../class-criterion.ts";

/** Every run of the class resource_exhaustion passed and recovered. */
export const resourceExhaustion = classCriterion("resource_exhaustion");
