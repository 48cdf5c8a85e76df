import { formatMs } from "./core/duration.ts";
import type { Clock } from "./core/clock.ts";
import type { Progress } from "./core/progress.ts";
import type { Unfinished } from "./core/unfinished.ts";

/** Healing's own deadline in the keeper, in ms; told to whoever waits for it. */
const healLimitMs = 20_000;

/** Follows runs and knows, at any moment, what is in force. */
export class Underway {
  readonly #clock: Clock;
  readonly #open = new Map<string, number>();
  #run: string | null = null;
  #nodes = 0;
  #stoppedMs: number | null = null;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    signal.addEventListener("abort", () => (this.#stoppedMs = clock.nowMs()), { once: true });
  }

  begin(run: string, nodes: number): void {
    this.#run = run;
    this.#nodes = nodes;
    this.#open.clear();
  }

  follow(progress: Progress): void {
    if (progress.kind !== "fault") return;
    if (progress.actions === 0) this.#open.delete(progress.fault);
    else this.#open.set(progress.fault, progress.actions);
  }

  end(): void {
    this.#run = null;
  }

  /** Null: no run is under way. */
  unfinished(): Unfinished | null {
    if (this.#run === null) return null;
    const faults = [...this.#open].map(
      ([fault, actions]) => `${fault} (${actions} ${actions === 1 ? "action" : "actions"})`,
    );
    const what = faults.length === 0 ? "no fault is in force" : `still to heal: ${faults.join(", ")}`;
    const sinceMs = this.#clock.nowMs() - (this.#stoppedMs ?? this.#clock.nowMs());
    const left = formatMs(Math.max(0, healLimitMs - sinceMs));
    return {
      text: `${this.#run}: ${what}, then ${this.#nodes} nodes to end; this ends by itself within ${left}`,
      command: `prism-chaos heal ${this.#run}`,
    };
  }
}
