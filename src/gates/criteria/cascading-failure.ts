import { classCriterion } from "../class-criterion.ts";

/** Every run of the class cascading_failure passed and recovered. */
export const cascadingFailure = classCriterion("cascading_failure");
