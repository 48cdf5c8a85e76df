/** The system under test did not come to what a step waits for, or to the end of the timeline. */
export class StepNotReached extends Error {}
