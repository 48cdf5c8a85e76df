import { durationMs } from "../core/duration.ts";
import type { Step } from "../core/scenario.ts";

/** A timeline with the place of each of its steps in the file. */
export interface Timeline {
  readonly steps: readonly Step[];
  /** For each step, the number of the one in the file that it comes from. */
  readonly origin: readonly number[];
  /** Whether its steps have times. */
  readonly isTimed: boolean;
}

/**
 * Where steps have times (`at`), puts waits between them and heals each fault when its time is over, so that faults may overlap; a timeline
 * without times stays as it is. What does not go together is told by the number of the step.
 */
export function inTime(
  steps: readonly Step[],
  read: readonly object[],
  tell: (index: number, message: string) => void,
): Timeline {
  const times = read.map(timeOf);
  if (times.every((time) => time === null)) {
    return { steps, origin: steps.map((_, index) => index), isTimed: false };
  }
  const moments = steps.flatMap((step, index): readonly Moment[] => {
    const time = times[index] ?? null;
    if (step.kind === "hold" || step.kind === "await-probe" || step.kind === "await-value") {
      tell(index, "a timeline whose steps have times (`at`) does not wait; leave this step out, or all the times");
      return [];
    }
    if (time === null) {
      tell(index, "other steps of this timeline have a time; give this one its own, as `at: 5s`");
      return [];
    }
    if (step.kind !== "inject" || step.forMs === null) return [{ atMs: time, step, index }];
    const heal: Step = { kind: "heal", id: step.id };
    return [
      { atMs: time, step: { ...step, forMs: null }, index },
      { atMs: time + step.forMs, step: heal, index },
    ];
  });
  const ordered = moments.toSorted((left, right) => left.atMs - right.atMs);
  return {
    steps: ordered.flatMap(({ atMs, step }): readonly Step[] => [{ kind: "until", ms: atMs }, step]),
    origin: ordered.flatMap(({ index }) => [index, index]),
    isTimed: true,
  };
}

interface Moment {
  readonly atMs: number;
  readonly step: Step;
  readonly index: number;
}

function timeOf(read: object): number | null {
  return "at" in read && typeof read.at === "string" ? durationMs(read.at) : null;
}
