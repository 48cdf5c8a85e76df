import type { Action, Driver, Reading } from "../core/action.ts";
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

  /** What was begun and could not be taken back until now. */
  get open(): readonly Action[] {
    return [...this.#open.values()];
  }

  /** Captures, journals (one fsync for the batch), applies, reads back. What cannot be done is told in the result, not thrown. */
  async inject(asked: readonly Action[], signal: AbortSignal): Promise<BatchResult> {
    const actions = asked.filter((action) => this.#isAllowed(action));
    const captured = await this.#capture(actions, signal);
    const atMs = this.#clock.nowMs();
    this.#journal.append(
      actions.map((action) => ({ entry: "injecting", atMs, action, captured: captured.get(action) ?? {} })),
    );
    for (const action of actions) this.#open.set(action.id, action);
    const startedMs = this.#clock.nowMs();
    const refused = asked.filter((action) => !this.#isAllowed(action)).map(({ id }) => `${id} ${cannotBeUndone}`);
    const failed = await this.#each(actions, (driver, batch) => driver.apply(batch, signal));
    const inForce = await this.#inForce(actions, { signal, ifUnreadable: false });
    const finishedMs = this.#clock.nowMs();
    this.#journal.append(inForce.map((action) => ({ entry: "injected", atMs: finishedMs, action: action.id })));
    const kept = actions.filter(isIrreversible).map((action) => [action.id, captured.get(action) ?? {}] as const);
    return {
      startedMs,
      finishedMs,
      actions: asked.length,
      inForce: inForce.length,
      altered: 0,
      captured: Object.fromEntries(kept),
      problems: [...refused, ...failed],
    };
  }

  /**
   * Takes back every action of a fault (of all, for null), newest first, and reads each. `inForce` counts what would not go; what cannot be taken
   * back is only read: it is the system's to repair.
   */
  async heal(fault: string | null, signal: AbortSignal): Promise<BatchResult> {
    const actions = [...this.#open.values()].filter((action) => fault === null || action.fault === fault).reverse();
    const atMs = this.#clock.nowMs();
    this.#journal.append(actions.map((action) => ({ entry: "healing", atMs, action: action.id })));
    const startedMs = this.#clock.nowMs();
    const undone = actions.filter((action) => !isIrreversible(action));
    const problems = await this.#each(undone, (driver, batch) => driver.remove(batch, signal));
    const still = new Set(await this.#inForce(actions, { signal, ifUnreadable: true }));
    const healing = new Set(actions);
    const altered = actions.filter((action) => isIrreversible(action) && still.has(action));
    const left = undone.filter((action) => still.has(action) && !this.#isOverlaid(action, healing));
    const over = actions.filter((action) => !left.includes(action));
    for (const action of over) this.#open.delete(action.id);
    const finishedMs = this.#clock.nowMs();
    this.#journal.append(
      over.map((action) => ({
        entry: altered.includes(action) ? "altered" : "healed",
        atMs: finishedMs,
        action: action.id,
      })),
    );
    const counts = { actions: actions.length, inForce: left.length, altered: altered.length };
    return { startedMs, finishedMs, ...counts, captured: {}, problems };
  }

  /** What cannot be undone is for targets that go away as a whole. */
  #isAllowed(action: Action): boolean {
    return this.#target.isForeign !== true || !isIrreversible(action);
  }

  async #capture(actions: readonly Action[], signal: AbortSignal): Promise<ReadonlyMap<Action, JsonObject>> {
    const captured = new Map<Action, JsonObject>();
    const each = [...this.#batches(actions)].map(async ([driver, batch]) => {
      // Where it fails the act itself will tell, with the same cause; what is not captured is disposed of with the target.
      const found = await driver.capture(batch, signal).catch((thrown: unknown) => messageOf(thrown));
      for (const [index, action] of batch.entries()) {
        captured.set(action, typeof found === "string" ? { notCaptured: found } : (found[index] ?? {}));
      }
    });
    await Promise.all(each);
    return captured;
  }

  #batches(actions: readonly Action[]): ReadonlyMap<Driver, readonly Action[]> {
    return Map.groupBy(actions, ({ capability }) => this.#target.driver(capability));
  }

  /** One call per driver with all of its actions; what fails does not keep the rest from being done. */
  async #each(
    actions: readonly Action[],
    act: (driver: Driver, batch: readonly Action[]) => Promise<void>,
  ): Promise<readonly string[]> {
    const batches = this.#batches(actions);
    const results = await Promise.allSettled([...batches].map(([driver, batch]) => act(driver, batch)));
    return results.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
  }

  /** The actions that are read as in force. What cannot be read counts for neither: not as injected, and not as healed. */
  async #inForce(
    actions: readonly Action[],
    { signal, ifUnreadable }: { readonly signal: AbortSignal; readonly ifUnreadable: boolean },
  ): Promise<readonly Action[]> {
    const readings = new Map<Action, Reading>();
    const each = [...this.#batches(actions)].map(async ([driver, batch]) => {
      const found = await driver.read(batch, signal).catch(() => []);
      for (const [index, action] of batch.entries()) readings.set(action, found[index] ?? "unreadable");
    });
    await Promise.all(each);
    return actions.filter((action) => {
      const reading = readings.get(action) ?? "unreadable";
      return reading === "unreadable" ? ifUnreadable : reading === "in-force";
    });
  }

  /** Whether another open action does the same to the same subject, so that what is read is that one's. */
  #isOverlaid(action: Action, healing: ReadonlySet<Action>): boolean {
    return [...this.#open.values()].some(
      (other) =>
        !healing.has(other) &&
        other.capability === action.capability &&
        JSON.stringify(other.subject) === JSON.stringify(action.subject),
    );
  }
}

const cannotBeUndone = "cannot be undone, and the target is not ours: it was not done";

function isIrreversible({ undo }: Action): boolean {
  return undo === "irreversible";
}
