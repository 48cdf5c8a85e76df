import type { Clock } from "../core/clock.ts";
import type { Sample } from "../core/probe.ts";
import { until } from "../core/wait.ts";
import type { Observer } from "./observer.ts";
import type { Recorder } from "./recorder.ts";

/** Who looks at the system, and takes down what is seen. */
export interface Lookout {
  readonly observer: Observer;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What is looked for: samples of these operations are fed until the condition holds or its time is over. */
export interface Watched {
  readonly operations: readonly string[];
  readonly feed: (sample: Sample) => void;
  readonly holds: () => boolean;
  readonly limitMs: number;
}

/** Has operations sampled until a condition holds; says whether it did within its time. Rejects when the signal aborts. */
export async function watching({ observer, recorder, clock, signal }: Lookout, watched: Watched): Promise<boolean> {
  const ends = watched.operations.map((operation) => observer.also(operation));
  ends.push(recorder.listen((event) => void (event.type === "probe.sampled" && watched.feed(event))));
  try {
    return await until(watched.holds, { clock, signal, limitMs: watched.limitMs, everyMs: 5 });
  } finally {
    for (const end of ends) end();
  }
}
