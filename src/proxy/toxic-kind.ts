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

/** One type of toxic: its attributes, and how it acts on a stream. */
export interface ToxicKind<Attribute extends string = string> {
  readonly attributes: readonly Attribute[];
  /** Attributes that the real one does not have: told only where they were sent. */
  readonly extras?: readonly Attribute[];
  /** Attributes that need not be whole numbers. */
  readonly fractions?: readonly Attribute[];
  /** Values of attributes that were not sent, where that is not 0. */
  readonly absent?: Readonly<Record<string, number>>;
  /** Whether the port is closed while a toxic of this kind is on the proxy; live connections go on. */
  readonly closesPort?: boolean;
  /** What is wrong with these attributes, as a sentence; null if nothing. */
  flaw?(setting: (attribute: Attribute) => number): string | null;
  /** Opens the stage of one stream of one connection. */
  openStage(context: StageContext<Attribute>): Stage;
  /** Gives what opens the stages of one toxic in place of `openStage`, where they have something in common. */
  share?(): (context: StageContext<Attribute>) => Stage;
}

/** What is wrong with the first attribute that is negative, or above `most`; null if none is. */
export function outOfRange<Attribute extends string>(
  setting: (attribute: Attribute) => number,
  attributes: readonly Attribute[],
  most = Infinity,
): string | null {
  const found = attributes.find((attribute) => setting(attribute) < 0 || setting(attribute) > most);
  if (found === undefined) return null;
  return `${found} is ${setting(found)}; it is ${most === Infinity ? "0 or more" : `0 to ${most}`}`;
}
