import { basename } from "node:path";
import { type ReadRun, readRun } from "../core/manifest-check.ts";
import { readManifest } from "../core/manifest-file.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import type { RawFolder } from "./read-folder.ts";

/** Reads the folders of runs for their manifests; files are digested only of runs that the evidence names. */
export function readManifests({ runFolders }: RawFolder, chaos: readonly ChaosEvidence[]): readonly ReadRun[] {
  const named = new Set(
    chaos.flatMap(({ content }) => content.series.flatMap(({ reports }) => reports.map(({ run }) => run.id))),
  );
  return runFolders.map((folder) => {
    const own = basename(folder);
    return named.has(own) ? readRun(folder) : { folder, stored: readManifest(folder), found: [], own };
  });
}
