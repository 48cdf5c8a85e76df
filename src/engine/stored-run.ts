import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileDigest } from "../core/file-digest.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { History } from "../core/history.ts";
import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import { type Plan, planDigest } from "../core/plan.ts";
import { readHistory } from "./history-file.ts";
import { historyFileName } from "./run.ts";

/** A run as it stands in its folder. */
export interface StoredRun {
  readonly plan: Plan;
  readonly history: History;
  /** As it was written, or null if the run was broken off before. */
  readonly report: JsonObject | null;
  /** SHA-256 of the history's bytes as they are now. */
  readonly historyDigest: string | null;
}

/** Reads a run's folder. Throws `HarnessError`: exit 64 if it is none, exit 12 if its evidence is unreadable or the plan was altered. */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const planFile = join(folder, "plan.json");
  if (!existsSync(planFile)) {
    throw new HarnessError(`${folder} is no run's folder: it has no plan.json`, {
      code: "no-run",
      exit: "usage",
      next: "give the folder of a run, as reports/20261120-141503-leader-loss-kill-1-3f9a",
    });
  }
  const plan = readObject(planFile);
  if (!isPlan(plan)) throw unusable(`${planFile} is no plan`);
  const { digest, ...rest } = plan;
  if (planDigest(rest) !== digest) throw unusable(`${planFile} is not the plan that was run: its digest differs`);
  const historyFile = join(folder, historyFileName);
  const history = await readHistory(historyFile);
  const reportFile = join(folder, "report.json");
  const report = existsSync(reportFile) ? readObject(reportFile) : null;
  return { plan, history, report, historyDigest: await fileDigest(historyFile) };
}

function readObject(file: string): JsonObject {
  const value = parseJson(readFileSync(file, "utf8"))?.value;
  if (isObject(value)) return value;
  throw unusable(`${file} is unreadable`);
}

/** What has these fields is taken for a plan; that it is the one that was run is shown by its digest. */
function isPlan(value: unknown): value is Plan {
  const fields = [
    "digest",
    "nodes",
    "timeline",
    "checks",
    "expectations",
    "steadyState",
    "scenario",
    "variant",
    "source",
  ];
  return typeof value === "object" && value !== null && fields.every((field) => field in value);
}

function unusable(message: string): HarnessError {
  return new HarnessError(message, {
    code: "unusable-evidence",
    exit: "unusable",
    next: "the evidence of this run cannot be used; run the scenario again",
  });
}
