import { HarnessError } from "../core/harness-error.ts";
import type { BatchResult } from "../core/keeper-port.ts";

/** So many problems are told one by one. */
const toldProblems = 3;

/** A driver failed while a fault was put in force: what was done of it is taken back, and the system was not put to this test. Exit 69. */
export function notInjected(fault: string, { actions, inForce, problems }: BatchResult): HarnessError {
  return new HarnessError(
    `${fault} could not be put in force: ${inForce} of ${actions} actions hold; ${shown(problems)}`,
    {
      code: "not-injected",
      exit: "unavailable",
      next: "what was in force is taken back; the run's folder has its history and the keeper's log; prism-chaos doctor shows what this machine permits",
    },
  );
}

/** A fault could not be taken back: nothing further would be told of the system without it. Exit 69, or 13 if it is there in the end, too. */
export function notHealed(fault: string, { actions, inForce, problems }: BatchResult): HarnessError {
  return new HarnessError(
    `${fault} could not be taken back: ${inForce} of ${actions} actions still hold; ${shown(problems)}`,
    {
      code: "not-healed",
      exit: "unavailable",
      next: "the target was disposed of where it is ours; prism-chaos status shows whether anything is left",
    },
  );
}

function shown(problems: readonly string[]): string {
  if (problems.length === 0) return "no driver said why";
  const more = problems.length > toldProblems ? `; and ${problems.length - toldProblems} more` : "";
  return `${problems.slice(0, toldProblems).join("; ")}${more}`;
}
