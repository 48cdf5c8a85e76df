import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../../src/core/folder-files.ts";
import { manifestFileName, manifestOf } from "../../src/core/manifest.ts";
import { manifestRunOf } from "../../src/core/manifest-check.ts";
import { writeManifest } from "../../src/core/manifest-file.ts";
import type { Report } from "../../src/core/report.ts";

/** Writes the folder of a run as it would lie beside its reports, with its manifest. The history is left out: none is digested. Gives its path. */
export function runBeside(reports: string, report: Report): string {
  const folder = join(reports, report.run.id);
  mkdirSync(join(folder, "nodes"), { recursive: true });
  writeFileSync(join(folder, "run.json"), JSON.stringify({ run: report.run }));
  writeFileSync(join(folder, "plan.json"), JSON.stringify(report.plan));
  writeFileSync(join(folder, "report.json"), JSON.stringify(report));
  writeFileSync(join(folder, "nodes", "n1.log"), "started\n");
  const of = manifestRunOf(folder);
  if (of === null) throw new Error(`${folder} is no run's`);
  writeManifest(folder, manifestOf(of, "0.1.0", filesBelow(folder, [manifestFileName])));
  return folder;
}
