import type { Phase } from "./history-event.ts";
import type { Step } from "./scenario.ts";

/** How a run is doing: who leads in which term (null: nobody said yet), and operations of the last second. */
export interface Beat {
  readonly atMs: number;
  readonly leader: string | null;
  readonly term: number | null;
  readonly okPerSecond: number;
  readonly errorsPerSecond: number;
}

/** What is told of a run while it goes on. Times are ms since its start. */
export type Progress =
  | {
      readonly kind: "phase";
      readonly phase: Phase;
      readonly atMs: number;
      /** How long it may take, in ms, or null. */
      readonly limitMs: number | null;
    }
  | { readonly kind: "step"; readonly step: Step; readonly atMs: number }
  /** A fault is in force with so many actions; 0: it is gone. */
  | { readonly kind: "fault"; readonly fault: string; readonly actions: number }
  | ({ readonly kind: "pulse" } & Beat);
