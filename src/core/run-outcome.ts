import type { Plan } from "./plan.ts";
import type { Report, RunInfo } from "./report.ts";

/** How one run of a series ended: judged, or not carried through. */
export type RunOutcome =
  | {
      readonly kind: "judged";
      readonly folder: string;
      readonly report: Report;
      /** What could not be healed or disposed of. */
      readonly residue: readonly string[];
    }
  | {
      readonly kind: "broken-off";
      readonly folder: string;
      readonly plan: Plan;
      readonly run: RunInfo;
      readonly thrown: Error;
      /** The command that runs just this repetition again. */
      readonly reproduce: string;
    };
