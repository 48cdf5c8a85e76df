import { basename, join } from "node:path";
import { existsSync, readFileSync } from "node:fs";
import { filesBelow } from "./folder-files.ts";
import { atPointer, isObject, type Json, type JsonObject, parseJson } from "./json.ts";
import {
  type FoundFile,
  type ManifestDifference,
  manifestDifferences,
  manifestFileName,
  type ManifestOf,
} from "./manifest.ts";
import { readManifest, type StoredManifest } from "./manifest-file.ts";

/** A run as a manifest names it. */
export type ManifestRun = Extract<ManifestOf, { readonly kind: "run" }>;

/** What a folder's manifest came to. */
export interface ManifestCheck {
  readonly folder: string;
  readonly stored: StoredManifest;
  /** In what the folder differs from it. */
  readonly differences: readonly ManifestDifference[];
}

/** The folder of a run as it was read, to be held against its manifest. */
export interface ReadRun {
  readonly folder: string;
  readonly stored: StoredManifest;
  /** What lies in it beside the manifest; empty where there is no manifest to hold it against. */
  readonly found: readonly FoundFile[];
  /** The run that the folder says it is of. */
  readonly own: string;
}

/** Reads the folder of a run: its manifest, and the digest of every file in it. */
export function readRun(folder: string): ReadRun {
  const stored = readManifest(folder);
  const found = stored.kind === "read" ? filesBelow(folder, [manifestFileName]) : [];
  return { folder, stored, found, own: manifestRunOf(folder)?.run ?? basename(folder) };
}

/** Holds the folder of a run against its manifest. */
export function checkRunManifest(folder: string): ManifestCheck {
  return runManifestCheck(readRun(folder));
}

/** The same of a folder that was read. */
export function runManifestCheck({ folder, stored, found, own }: ReadRun): ManifestCheck {
  if (stored.kind !== "read") return { folder, stored, differences: [] };
  const { of } = stored.manifest;
  const differences = manifestDifferences(stored.manifest, found);
  const said = of.kind === "run" ? `the run ${of.run}` : "a folder of reports";
  if (of.kind === "run" && of.run === own) return { folder, stored, differences };
  const other = {
    path: manifestFileName,
    kind: "altered",
    text: `${manifestFileName} is of ${said}, not of ${own}`,
  } as const;
  return { folder, stored, differences: [other, ...differences] };
}

/** What a run's folder says of itself; null where not even that can be read. */
export function manifestRunOf(folder: string): ManifestRun | null {
  const [stub, plan] = [objectIn(join(folder, "run.json")), objectIn(join(folder, "plan.json"))];
  if (Object.keys(stub).length === 0) return null;
  const attempt = atPointer(stub, "/run/attempt");
  const repetition = atPointer(plan, "/repetition");
  return {
    kind: "run",
    run: textOf(atPointer(stub, "/run/id"), basename(folder)),
    series: textOf(atPointer(stub, "/run/series"), "unknown"),
    scenario: textOf(atPointer(plan, "/scenario/name"), "unknown"),
    variant: textOf(atPointer(plan, "/variant/name"), "unknown"),
    repetition: typeof repetition === "number" ? repetition : 1,
    attempt: typeof attempt === "number" ? attempt : null,
  };
}

function objectIn(file: string): JsonObject {
  const value = existsSync(file) ? parseJson(readFileSync(file, "utf8"))?.value : undefined;
  return isObject(value) ? value : {};
}

function textOf(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
