import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "./core/harness-error.ts";
import { fileAt, filesBelow } from "./core/folder-files.ts";
import { withFolderLock } from "./core/lock.ts";
import { type FoundFile, type Manifest, manifestFileName, manifestOf } from "./core/manifest.ts";
import { manifestRunOf } from "./core/manifest-check.ts";
import { isRunFolder, readManifest, writeManifest } from "./core/manifest-file.ts";
import { toolInfo } from "./core/provenance.ts";
import { chaosClasses } from "./core/scenario.ts";
import type { RunOutcome } from "./core/run-outcome.ts";
import { sealedBy, type SealKey } from "./core/seal.ts";
import { pageFileName, type SeriesPages, seriesPages } from "./harness-pages.ts";
import { writeContractFiles } from "./reporters/contract.ts";

// The part of the composition root that lists the files of runs and reports.

/** The files of a series, written while it runs. */
export interface SeriesFiles {
  /** Writes the report of a run, and its page. */
  readonly judged: SeriesPages["judged"];
  /** Lists the files of a run that ended, after the last of them was written. */
  readonly ended: (outcome: RunOutcome) => Promise<void>;
  /** Writes what follows from all runs: pages, contract files, and the manifests of both. */
  readonly finish: (outcomes: readonly RunOutcome[]) => Promise<void>;
}

/** The files of a series in a folder of reports, sealed where there is a key. */
export function seriesFiles(outFolder: string, key: SealKey | null, tell: (problem: string) => void): SeriesFiles {
  const pages = seriesPages(tell);
  const manifests = manifestWriter(key, tell);
  return {
    judged: pages.judged,
    ended: async (outcome) => {
      if (outcome.kind === "broken-off") await pages.brokenOff(outcome);
      manifests.ended(outcome.folder);
    },
    finish: async (outcomes) => {
      pages.finish(outcomes);
      for (const { folder } of outcomes) manifests.renewed(folder, [pageFileName]);
      await writeContractFiles(outFolder);
      await manifests.reports(outFolder);
    },
  };
}

/** The manifests of what `run` writes, sealed where there is a key. */
interface Manifests {
  /** Lists the files of a run that ended. */
  readonly ended: (folder: string) => void;
  /** Lists these files of a run again, which were written anew; what is said of all others stays. */
  readonly renewed: (folder: string, paths: readonly string[]) => void;
  /** Lists the contract files of a folder, and the manifests of the runs in it. */
  readonly reports: (folder: string) => Promise<void>;
}

/** Writes manifests; one that cannot be written is told, and takes nothing away from the verdict. */
function manifestWriter(key: SealKey | null, tell: (problem: string) => void): Manifests {
  const tool = toolInfo().version;
  const trying = (folder: string, write: () => void): void => {
    try {
      write();
    } catch (thrown) {
      tell(`${join(folder, manifestFileName)} could not be written: ${messageOf(thrown)}`);
    }
  };
  return {
    ended: (folder) =>
      trying(folder, () => {
        const of = manifestRunOf(folder);
        if (of !== null) store(folder, manifestOf(of, tool, filesBelow(folder, [manifestFileName])), key);
      }),
    renewed: (folder, paths) =>
      trying(folder, () => {
        const stored = readManifest(folder);
        if (stored.kind !== "read") return;
        const { of, files } = stored.manifest;
        const others = files.filter(({ path }) => !paths.includes(path));
        store(folder, manifestOf(of, tool, [...others, ...paths.map((path) => fileAt(folder, path))]), key);
      }),
    reports: (folder) =>
      withFolderLock(folder, () =>
        trying(folder, () => store(folder, manifestOf({ kind: "reports" }, tool, listedIn(folder)), key)),
      ),
  };
}

/** Writes a manifest, sealed where there is a key. */
export function store(folder: string, manifest: Manifest, key: SealKey | null): void {
  writeManifest(folder, key === null ? manifest : sealedBy(manifest, key));
}

/** What a manifest of reports lists, as it lies in the folder now. */
export function listedIn(folder: string): readonly FoundFile[] {
  const files = [...contractNames.filter((name) => existsSync(join(folder, name))), ...runManifests(folder)];
  return files.map((path) => fileAt(folder, path));
}

const contractNames: readonly string[] = [...chaosClasses.map((name) => `chaos_${name}.json`), "performance.json"];

function runManifests(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .filter((name) => isRunFolder(join(folder, name)) && existsSync(join(folder, name, manifestFileName)))
    .map((name) => `${name}/${manifestFileName}`);
}
