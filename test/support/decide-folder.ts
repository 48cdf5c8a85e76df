import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "../../src/core/decision.ts";
import { contractAlone, type Policy } from "../../src/gates/policy.ts";
import { decisionOver, gateJudges } from "../../src/harness-gate.ts";
import type { ReportFolder } from "./report-folder.ts";

const hourMs = 3_600_000;

/** How a folder is decided about. */
export interface Deciding {
  readonly policy?: Policy;
  /** Files beside the reports, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** When it is decided, in ms after the runs ended. */
  readonly afterMs?: number;
  readonly plan?: string;
}

/** What the gate says of a folder that is written to disk for it; its paths are told without where that was. */
export async function decideFolder(
  folder: ReportFolder,
  { policy = contractAlone, files = {}, afterMs = hourMs, plan }: Deciding = {},
): Promise<Decision> {
  const root = mkdtempSync(join(tmpdir(), "gate-"));
  try {
    folder.save(root);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    const nowMs = folder.finishedMs + afterMs;
    const { release } = policy;
    const rooted = (all: Policy["release"]["criteria"]) =>
      all.map((one) => ({ ...one, from: one.from.map((file) => join(root, file)) }));
    const placed = {
      ...policy,
      release: { ...release, criteria: rooted(release.criteria), noGo: rooted(release.noGo) },
    };
    const decision = await decisionOver(
      {
        folder: join(root, "reports"),
        coverage: join(root, "coverage", "coverage.json"),
        plan: plan === undefined ? null : join(root, plan),
      },
      { policy: placed, nowMs, ...gateJudges },
      new Date(nowMs).toISOString(),
    );
    return JSON.parse(JSON.stringify(decision).replaceAll(`${root}/`, "")) as Decision;
  } finally {
    rmSync(root, { recursive: true });
  }
}
