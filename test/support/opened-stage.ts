import { randomStream } from "../../src/core/random.ts";
import type { Stage } from "../../src/proxy/stage.ts";
import type { ToxicKind } from "../../src/proxy/toxic-kind.ts";

/** A stage at work by itself, and all that left it. */
export interface OpenedStage<Settings> {
  readonly stage: Stage;
  /** Bytes as text, `half` or `full` for an end that passed, `closed` where the toxic closed the connection; each with its time in ms from the start. */
  readonly seen: readonly (readonly [number, string])[];
  /** What the toxic's attributes are; a change counts from `retune`. */
  readonly settings: Settings;
}

/** Opens a stage of a toxic under the clock of `performance`, which fake timers move. */
export function openedStage<Attribute extends string>(
  kind: ToxicKind<Attribute>,
  settings: Record<Attribute, number>,
): OpenedStage<Record<Attribute, number>> {
  const clock = { nowMs: () => performance.now() };
  const startMs = clock.nowMs();
  const seen: (readonly [number, string])[] = [];
  const note = (what: string): void => void seen.push([Math.round(clock.nowMs() - startMs), what]);
  const random = randomStream("test", "stage");
  const stage = kind.openStage({
    output: {
      pass: (chunk) => note(chunk.toString()),
      end: note,
      endByToxic: () => note("closed"),
      settle: () => {},
      reset: () => {},
      hold: () => null,
    },
    setting: (attribute) => settings[attribute],
    random: () => random,
    clock,
  });
  return { stage, seen, settings };
}
