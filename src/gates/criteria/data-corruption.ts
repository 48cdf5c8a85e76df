import { classCriterion } from "../class-criterion.ts";

/** Every run of the class data_corruption passed and recovered. */
export const dataCorruption = classCriterion("data_corruption");
