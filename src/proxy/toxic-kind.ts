import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { Stage, StageOutput } from "./stage.ts";

/** What a stage is opened with. */
export interface StageContext<Attribute extends string> {
  readonly output: StageOutput;
  /** The value which an attribute of the toxic has now. */
  readonly setting: (attribute: Attribute) => number;
  /** The toxic's own stream of draws. */
  readonly random: () => Random;
  readonly clock: Clock;
}

/** One type of toxic: its attributes, all whole numbers that are 0 when absent, and how it acts on a stream. */
export interface ToxicKind<Attribute extends string = string> {
  readonly attributes: readonly Attribute[];
  /** Attributes that the real one does not have: told only where they were sent. */
  readonly extras?: readonly Attribute[];
  openStage(context: StageContext<Attribute>): Stage;
}
