import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { type ExitCode, exitCodeName, exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { given } from "./core/given.ts";
import { fileAt } from "./core/folder-files.ts";
import { type Manifest, manifestDifferences, manifestFileName, manifestOf } from "./core/manifest.ts";
import { checkRunManifest, type ManifestCheck } from "./core/manifest-check.ts";
import { isRunFolder, readManifest, type StoredManifest } from "./core/manifest-file.ts";
import { nearby } from "./core/nearby.ts";
import { printable } from "./core/printable.ts";
import { type SealKey, sealStanding } from "./core/seal.ts";
import { readFolder } from "./gates/read-folder.ts";
import { defaults } from "./harness-catalogue.ts";
import { listedIn, store } from "./harness-evidence.ts";
import { type KeyAsked, requiredSealKey, sealKey } from "./harness-key.ts";

// The part of the composition root that seals evidence, and tells whether it is what was sealed.

/** What `seal` and `verify` take. */
export type SealFlags = Pick<KeyAsked, "tell"> & { readonly keyFile: string | undefined };

/** Seals every manifest below a folder. What is not as its manifest says is told, and nothing is sealed: exit 12. Exit 11 where there is none. */
export function sealFolder(asked: string | undefined, { keyFile, tell }: SealFlags): Outcome {
  const folder = evidenceFolder(asked);
  const key = requiredSealKey({ file: keyFile, use: "seal", evidence: folder, tell }, "seal");
  const { checks, unlisted } = checksBelow(folder);
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) return outcome(exitCodes.unusable, [...problems, "Nothing was sealed."], { sealed: [] });
  const ours = checks.flatMap((one) => (one.stored.kind === "read" ? [{ ...one, manifest: one.stored.manifest }] : []));
  if (ours.length === 0) return outcome(exitCodes.inconclusive, [nothingBelow(folder)], { sealed: [] });
  // Runs first: the manifest of reports lists theirs.
  const [runs, reports] = [ours.filter(({ manifest }) => manifest.of.kind === "run"), ours.filter(isReports)];
  for (const { folder: place, manifest } of runs) store(place, manifest, key);
  for (const { folder: place, manifest } of reports) store(place, relisted(place, manifest), key);
  const sealed = [...runs, ...reports].map((one) => nearby(join(one.folder, manifestFileName)));
  const text = [
    `Sealed ${sealed.length} manifests with ${key.algorithm}, key ${key.keyId}.`,
    ...unlisted.map((one) => `Not sealed: ${nearby(one)} has no ${manifestFileName}; it was not carried through.`),
  ];
  return outcome(exitCodes.pass, text, { sealed, algorithm: key.algorithm, keyId: key.keyId, unlisted });
}

function isReports({ manifest }: { readonly manifest: Manifest }): boolean {
  return manifest.of.kind === "reports";
}

/** A manifest of reports in which the manifests of runs are as they are now, and all else as it was. */
function relisted(folder: string, { of, tool, files }: Manifest): Manifest {
  const now = files.map((one) => (basename(one.path) === manifestFileName ? fileAt(folder, one.path) : one));
  return manifestOf(of, tool, now);
}

/** Holds every manifest below a folder against what lies there, and with a key its seal: 12 for what was altered, 11 for what is missing. */
export function verifyFolder(asked: string | undefined, { keyFile, tell }: SealFlags): Outcome {
  const folder = evidenceFolder(asked);
  const key = sealKey({ file: keyFile, use: "tell", evidence: folder, tell });
  const { checks, unlisted } = checksBelow(folder);
  const problems = checks.flatMap(problemsOf);
  const seals = checks.map((one) => sealText(one, key));
  const missing = [
    ...(checks.length === 0 ? [nothingBelow(folder)] : []),
    ...unlisted.map((one) => `${nearby(one)} has no ${manifestFileName}: what lay there when it ended is not known.`),
    ...uncovered(folder, checks).map((file) => `${nearby(file)} is listed in no ${manifestFileName}.`),
  ];
  const exitCode = strongestExitCode([
    ...problems.map(() => exitCodes.unusable),
    ...missing.map(() => exitCodes.inconclusive),
    ...seals.map((one) => one.exitCode),
  ]);
  const count = `${checks.length} manifests, ${checks.reduce((sum, one) => sum + countOf(one), 0)} files`;
  const said =
    key === null
      ? "not altered since they were listed; who listed them is not known (no key was given)"
      : `verified with ${key.algorithm}, key ${key.keyId}`;
  return outcome(
    exitCode,
    [
      ...problems,
      ...missing,
      ...seals.flatMap(({ text }) => text),
      ...(exitCode === exitCodes.pass ? [`${count}: ${said}.`] : []),
    ],
    {
      manifests: checks.map((one) => nearby(join(one.folder, manifestFileName))),
      verified: key !== null && exitCode === exitCodes.pass,
      keyId: key?.keyId ?? null,
    },
  );
}

function sealText(
  { folder, stored }: ManifestCheck,
  key: SealKey | null,
): { readonly exitCode: ExitCode; readonly text: readonly string[] } {
  if (stored.kind !== "read") return { exitCode: exitCodes.unusable, text: [] };
  const { manifest } = stored;
  const file = nearby(join(folder, manifestFileName));
  if (key === null) {
    const text = manifest.seal === null ? [] : [`${file} is sealed by the key ${manifest.seal.keyId}; not verified.`];
    return { exitCode: exitCodes.pass, text };
  }
  const standing = sealStanding(manifest, key);
  switch (standing.kind) {
    case "right":
      return { exitCode: exitCodes.pass, text: [] };
    case "absent":
      return { exitCode: exitCodes.inconclusive, text: [`${file} is not sealed.`] };
    case "wrong":
      return { exitCode: exitCodes.unusable, text: [`${file}: ${standing.text}.`] };
  }
}

function problemsOf({ folder, stored, differences }: ManifestCheck): readonly string[] {
  if (stored.kind === "unreadable")
    return [`${nearby(join(folder, manifestFileName))} cannot be read: ${printable(stored.text)}.`];
  return differences.map(({ text }) => `${nearby(folder)}: ${printable(text)}.`);
}

function countOf({ stored }: ManifestCheck): number {
  return stored.kind === "read" ? stored.manifest.files.length : 0;
}

/** Contract files of a folder that no manifest lists. */
function uncovered(folder: string, checks: readonly ManifestCheck[]): readonly string[] {
  const listed = new Set(
    checks.flatMap(({ stored }) => (stored.kind === "read" ? stored.manifest.files.map(({ sha256 }) => sha256) : [])),
  );
  return readFolder(folder)
    .files.map(({ file }) => file)
    .filter((file) => {
      const now = fileAt(dirname(file), basename(file));
      return !("sha256" in now) || !listed.has(now.sha256);
    });
}

interface Below {
  readonly checks: readonly ManifestCheck[];
  /** Folders of runs without a manifest. */
  readonly unlisted: readonly string[];
}

/** Artifacts lie at most so many folders deep. */
const deepest = 6;

/** Every manifest of ours below a folder, held against what lies there now. */
function checksBelow(folder: string, depth = 0): Below {
  const stored = readManifest(folder);
  if (isRunFolder(folder)) {
    return stored.kind === "absent"
      ? { checks: [], unlisted: [folder] }
      : { checks: [checkRunManifest(folder)], unlisted: [] };
  }
  const own = reportsCheck(folder, stored);
  const below = readdirSync(folder)
    .sort()
    .filter((name) => name !== "node_modules" && !name.startsWith(".") && depth < deepest)
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    .map((path) => checksBelow(path, depth + 1));
  return {
    checks: [...own, ...below.flatMap(({ checks }) => checks)],
    unlisted: below.flatMap(({ unlisted }) => unlisted),
  };
}

/** A manifest of reports, held against what lies beside it. One that cannot be read is ours where reports lie there. */
function reportsCheck(folder: string, stored: StoredManifest): readonly ManifestCheck[] {
  if (stored.kind === "read") {
    const { of, files } = stored.manifest;
    return of.kind === "reports"
      ? [{ folder, stored, differences: manifestDifferences({ files }, listedIn(folder)) }]
      : [];
  }
  const isOurs = stored.kind === "unreadable" && !stored.isForeign && listedIn(folder).length > 0;
  return isOurs ? [{ folder, stored, differences: [] }] : [];
}

/** The folder of evidence that a call means. Throws `HarnessError` (exit 64) for none. */
export function evidenceFolder(asked: string | undefined): string {
  const folder = resolve(given(asked, "FOLDER") ?? defaults().out ?? "reports");
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new HarnessError(`${nearby(folder)} is no folder`, {
    code: "no-folder",
    exit: "usage",
    next: "give the folder of reports, or of a run, as prism-chaos verify reports",
  });
}

function nothingBelow(folder: string): string {
  return `There is no ${manifestFileName} of a run or of reports below ${nearby(folder)}.`;
}

function outcome(exitCode: ExitCode, lines: readonly string[], json: object): Outcome {
  const text = [...lines, `exit ${exitCode} (${exitCodeName(exitCode)})`].join("\n");
  return { exitCode, text, json: { exitCode, said: lines, ...json } };
}
