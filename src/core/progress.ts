import type { Phase } from "./history-event.ts";
import type { Step } from "./scenario.ts";

/** What is told of a run while it goes on. Times are ms since its start. */
export type Progress =
  | { readonly kind: "phase"; readonly phase: Phase; readonly atMs: number }
  | { readonly kind: "step"; readonly step: Step; readonly atMs: number };
