import { jsonText } from "./json-text.ts";
import { inOrder, type ReportedRun } from "./reported.ts";

/** The reports themselves as one document, as they were sealed, and beside them what was planned and not judged. */
export function reportsJson(runs: readonly ReportedRun[]): string {
  const told = inOrder(runs);
  return jsonText({
    version: 1,
    runs: told.flatMap((one) => (one.kind === "judged" ? [{ report: one.report, residue: one.residue }] : [])),
    notJudged: told.flatMap((one) => (one.kind === "unjudged" ? [{ ...one, kind: undefined }] : [])),
    ...(told.length === 0 ? { error: "no run was found: nothing was shown" } : {}),
  });
}
