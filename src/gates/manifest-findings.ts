import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { performanceFieldNames } from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import { type Manifest, type ManifestFile, manifestFileName } from "../core/manifest.ts";
import { type ReadRun, runManifestCheck } from "../core/manifest-check.ts";
import { manifestIn, unreadable } from "../core/manifest-file.ts";
import { chaosClasses } from "../core/scenario.ts";
import { type SealKey, sealStanding } from "../core/seal.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import { findingAt, type Place, unusable, when } from "./place.ts";
import type { ContractFile, RawFile, RawFolder } from "./read-folder.ts";

/** By what manifests are held: a key, and whether a policy asks for seals. */
export interface SealAsked {
  /** Null: none was given; then no seal can be told. */
  readonly key: SealKey | null;
  readonly isRequired: boolean;
}

/** The folders of runs as they were read for their manifests, and by what they are held. */
export interface ManifestsAsked extends SealAsked {
  readonly runs: readonly ReadRun[];
}

/** What manifests and their seals say against the evidence, and what is to be said all the same. */
export interface ManifestFindings {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** A manifest with its file, for whom it counts, and how what it lists is made anew. */
interface Listed {
  readonly place: Place;
  readonly manifest: Manifest;
}

/**
 * Holds contract files, and the runs that they name, against the manifests that lie with them. Pure. With a key every seal must be right, and
 * every contract file be listed under one.
 */
export function manifestFindings(
  folder: RawFolder,
  chaos: readonly ChaosEvidence[],
  { runs: read, key, isRequired }: ManifestsAsked,
): ManifestFindings {
  const reports = reportsManifests(folder);
  const runs = runManifests(read, chaos);
  const listed = [...reports.listed, ...runs.listed];
  const found = [
    ...reports.findings,
    ...reports.listed.flatMap((one) => listedFindings(one, folder, read)),
    ...runs.findings,
  ];
  if (key === null) {
    const sealed = listed.filter(({ manifest }) => manifest.seal !== null).map(({ place }) => place.file);
    const [first] = sealed;
    const note = `${sealed.length} sealed manifests (${first ?? ""}) were not verified: no key was given (--seal-key-file)`;
    return {
      findings: [...found, ...when(isRequired, () => keyMissing(folder.folder))],
      notes: first === undefined ? [] : [note],
    };
  }
  return { findings: [...found, ...sealFindings(listed, key), ...uncovered(folder, reports.listed, key)], notes: [] };
}

interface Manifests {
  readonly listed: readonly Listed[];
  readonly findings: readonly Finding[];
}

/** The manifests of folders of reports. Another tool's file of that name is none. */
function reportsManifests({ manifests, files }: RawFolder): Manifests {
  const read = manifests.flatMap((raw): readonly (Listed | Finding)[] => {
    const beside = files.filter(({ file }) => dirname(file) === dirname(raw.file));
    const place: Place = { file: raw.file, field: "", criteria: beside.flatMap(criteriaOf), command: sealCommand(raw) };
    const stored = raw.text === null ? unreadable(raw.problem) : manifestIn(raw.text);
    if (stored.kind === "read")
      return stored.manifest.of.kind === "reports" ? [{ place, manifest: stored.manifest }] : [];
    const isOurs = beside.length > 0 && !stored.isForeign;
    return when(isOurs, () => manifestUnreadable(place, stored.text));
  });
  return {
    listed: read.flatMap((one) => ("manifest" in one ? [one] : [])),
    findings: read.flatMap((one) => ("manifest" in one ? [] : [one])),
  };
}

/** The manifests of the runs that the reports name, where their folders are there, and in what these differ from them. */
function runManifests(runs: readonly ReadRun[], chaos: readonly ChaosEvidence[]): Manifests {
  const byRun = new Map(runs.map((one) => [basename(one.folder), one]));
  const named = chaos.flatMap(({ content }) =>
    content.series.flatMap(({ reports }) => {
      return reports.flatMap(({ run }) => {
        const found = byRun.get(run.id);
        return found === undefined ? [] : [{ found, criteria: [content.class], command: run.reproduce }];
      });
    }),
  );
  const once = [...new Map(named.map((one) => [one.found, one])).values()];
  const read = once.map(({ found, ...rest }) => {
    const { folder, stored, differences } = runManifestCheck(found);
    const place: Place = { file: join(folder, manifestFileName), field: "", ...rest };
    if (stored.kind === "absent") return { listed: [], findings: [manifestMissing(place)] };
    if (stored.kind === "unreadable") return { listed: [], findings: [manifestUnreadable(place, stored.text)] };
    const findings = differences.map(({ path, kind, text }) =>
      differs({ ...place, file: join(folder, path) }, kind, text),
    );
    return { listed: [{ place, manifest: stored.manifest }], findings };
  });
  return { listed: read.flatMap(({ listed }) => listed), findings: read.flatMap(({ findings }) => findings) };
}

/** In what a folder of reports differs from its manifest. A file that landed under another name is still the one that was listed. */
function listedFindings({ place, manifest }: Listed, folder: RawFolder, read: readonly ReadRun[]): readonly Finding[] {
  const here = dirname(place.file);
  const digests = new Map(folder.files.map((one) => [one.file, digestOf(one)]));
  for (const { file, of } of folder.copies) digests.set(file, digests.get(of) ?? "");
  const anywhere = new Set(digests.values());
  return manifest.files.flatMap((one): readonly Finding[] => {
    const file = join(here, one.path);
    const at = { ...place, file };
    if (basename(one.path) === manifestFileName) {
      const run = read.find((each) => each.folder === dirname(file));
      return run === undefined ? [] : runListed(at, one, run);
    }
    const now = digests.get(file);
    if (now === one.sha256) return [];
    if (now !== undefined) return [differs(at, "altered", `${one.path} is not the one that ${place.file} lists`)];
    if (anywhere.has(one.sha256)) return [];
    const said = {
      reason: `${place.file} lists this file, and it is not here`,
      measured: "absent",
      required: "the file",
    };
    return [findingAt(at, "inconclusive", said)];
  });
}

/** A run's manifest, as the manifest of the reports lists it. */
function runListed(place: Place, { sha256 }: ManifestFile, { stored }: ReadRun): readonly Finding[] {
  if (stored.kind === "absent") return [manifestMissing(place)];
  const same = stored.kind === "read" && stored.sha256 === sha256;
  return when(!same, () =>
    differs(place, "altered", "the run's manifest is not the one that the reports' manifest lists"),
  );
}

function sealFindings(listed: readonly Listed[], key: SealKey): readonly Finding[] {
  return listed.flatMap(({ place, manifest }) => {
    const standing = sealStanding(manifest, key);
    const at = { ...place, field: "/seal" };
    const required = `a seal by the key ${key.keyId}`;
    if (standing.kind === "wrong") {
      const measured = manifest.seal === null ? "absent" : `a seal by the key ${manifest.seal.keyId}`;
      return [unusable(at, { reason: standing.text, measured, required })];
    }
    const said = { reason: "the manifest is not sealed", measured: "absent", required };
    return when(standing.kind === "absent", () => findingAt(at, "inconclusive", said));
  });
}

/** Contract files that no rightly sealed manifest lists. */
function uncovered(folder: RawFolder, listed: readonly Listed[], key: SealKey): readonly Finding[] {
  const sealed = listed.filter(({ manifest }) => sealStanding(manifest, key).kind === "right");
  const covered = new Set(sealed.flatMap(({ manifest }) => manifest.files.map(({ sha256 }) => sha256)));
  return folder.files
    .filter((one) => one.text !== null && !covered.has(digestOf(one)))
    .map((one) => {
      const place: Place = { file: one.file, field: "", criteria: criteriaOf(one), command: sealCommand(one) };
      const said = {
        reason: "no sealed manifest lists this file",
        measured: "not listed",
        required: "a sealed manifest with it",
      };
      return findingAt(place, "inconclusive", said);
    });
}

function criteriaOf({ kind, text, file }: ContractFile): readonly string[] {
  if (kind === "performance") return performanceFieldNames;
  const named = chaosClasses.filter((name) => file.endsWith(`chaos_${name}.json`));
  return named.length > 0 ? named : chaosClasses.filter((name) => (text ?? "").slice(0, 1000).includes(`"${name}"`));
}

function digestOf({ text }: RawFile): string {
  return createHash("sha256")
    .update(text ?? "")
    .digest("hex");
}

function sealCommand({ file }: RawFile): string {
  return `prism-chaos verify ${dirname(file)}`;
}

function keyMissing(folder: string): Finding {
  const place: Place = {
    file: folder,
    field: "",
    criteria: [],
    command: `prism-chaos gate ${folder} --seal-key-file FILE`,
  };
  const said = {
    reason: "the policy asks for seals, and no key was given to tell them",
    measured: "no key",
    required: "a key",
  };
  return findingAt(place, "inconclusive", said);
}

function manifestMissing(place: Place): Finding {
  const reason = "the run has no manifest: what lay in its folder when it ended is not known";
  return findingAt(place, "inconclusive", { reason, measured: "absent", required: "the manifest that the run wrote" });
}

function manifestUnreadable(place: Place, problem: string): Finding {
  return unusable(place, {
    reason: "the manifest cannot be read",
    measured: problem,
    required: "the manifest as it was written",
  });
}

function differs(place: Place, kind: string, reason: string): Finding {
  return unusable(place, { reason, measured: kind, required: "as the manifest lists it" });
}
