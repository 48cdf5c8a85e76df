import type { Action, Driver } from "../core/action.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import type { BatchResult } from "../core/keeper-port.ts";
import type { OwnedTarget } from "../core/owned-target.ts";
import type { Journal } from "./journal.ts";

/** Carries out actions on a target and takes them back: journal first, then the act, then a look at the system. */
export class Effects {
  readonly #target: OwnedTarget;
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** Actions begun and not healed, by id, in the order of their injection. */
  readonly #open = new Map<string, Action>();

  constructor(parts: { readonly target: OwnedTarget; readonly journal: Journal; readonly clock: Clock }) {
    this.#target = parts.target;
    this.#journal = parts.journal;
    this.#clock = parts.clock;
  }

  /** Captures, journals (one fsync for the batch), applies, reads back. What cannot be done is told in the result, not thrown. */
  async inject(actions: readonly Action[], signal: AbortSignal): Promise<BatchResult> {
    const captured = await Promise.all(actions.map((action) => this.#capture(action, signal)));
    this.#journal.append(
      actions.map((action, index) => ({
        entry: "injecting",
        atMs: this.#clock.nowMs(),
        action,
        captured: captured[index] ?? {},
      })),
    );
    for (const action of actions) this.#open.set(action.id, action);
    const startedMs = this.#clock.nowMs();
    const problems = await this.#each(actions, (driver, batch) => driver.apply(batch, signal));
    const inForce = await this.#inForce(actions, { signal, ifUnreadable: false });
    const finishedMs = this.#clock.nowMs();
    this.#journal.append(inForce.map((action) => ({ entry: "injected", atMs: finishedMs, action: action.id })));
    return { startedMs, finishedMs, actions: actions.length, inForce: inForce.length, problems };
  }

  /** Takes back every action of a fault (of all, for null), newest first, and reads each. `inForce` counts what would not go. */
  async heal(fault: string | null, signal: AbortSignal): Promise<BatchResult> {
    const actions = [...this.#open.values()].filter((action) => fault === null || action.fault === fault).reverse();
    const startedMs = this.#clock.nowMs();
    this.#journal.append(actions.map((action) => ({ entry: "healing", atMs: startedMs, action: action.id })));
    const problems = await this.#each(actions, (driver, batch) => driver.remove(batch, signal));
    const still = await this.#inForce(actions, { signal, ifUnreadable: true });
    const gone = actions.filter((action) => !still.includes(action) || this.#isOverlaid(action, actions));
    for (const action of gone) this.#open.delete(action.id);
    const finishedMs = this.#clock.nowMs();
    this.#journal.append(gone.map((action) => ({ entry: "healed", atMs: finishedMs, action: action.id })));
    return { startedMs, finishedMs, actions: actions.length, inForce: actions.length - gone.length, problems };
  }

  async #capture(action: Action, signal: AbortSignal): Promise<JsonObject> {
    try {
      return await this.#target.driver(action.capability).capture(action, signal);
    } catch (thrown) {
      // The act itself will tell, with the same cause; what is not captured is disposed of with the target.
      return { notCaptured: messageOf(thrown) };
    }
  }

  /** One call per driver with all of its actions; what fails does not keep the rest from being done. */
  async #each(
    actions: readonly Action[],
    act: (driver: Driver, batch: readonly Action[]) => Promise<void>,
  ): Promise<readonly string[]> {
    const batches = Map.groupBy(actions, ({ capability }) => this.#target.driver(capability));
    const results = await Promise.allSettled([...batches].map(([driver, batch]) => act(driver, batch)));
    return results.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
  }

  /** The actions that are read as in force. What cannot be read counts for neither: not as injected, and not as healed. */
  async #inForce(
    actions: readonly Action[],
    { signal, ifUnreadable }: { readonly signal: AbortSignal; readonly ifUnreadable: boolean },
  ): Promise<readonly Action[]> {
    const readings = await Promise.allSettled(
      actions.map((action) => this.#target.driver(action.capability).read(action, signal)),
    );
    return actions.filter((_action, index) => {
      const reading = readings[index];
      return reading?.status === "fulfilled" ? reading.value === "in-force" : ifUnreadable;
    });
  }

  /** Whether another open action does the same to the same subject, so that what is read is that one's. */
  #isOverlaid(action: Action, healing: readonly Action[]): boolean {
    return [...this.#open.values()].some(
      (other) =>
        !healing.includes(other) &&
        other.capability === action.capability &&
        JSON.stringify(other.subject) === JSON.stringify(action.subject),
    );
  }
}
