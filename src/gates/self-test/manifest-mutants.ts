import { dirname, join } from "node:path";
import { type Manifest, manifestFileName } from "../../core/manifest.ts";
import type { ReadRun } from "../../core/manifest-check.ts";
import { manifestIn, unreadable } from "../../core/manifest-file.ts";
import { type SealKey, sealedBy } from "../../core/seal.ts";
import type { ManifestsAsked } from "../manifest-findings.ts";
import { type Mutant, type Mutator, type Subject, understood } from "./mutant.ts";

/** What lies in folders otherwise than their manifests list it, manifests that are gone or others, and seals; nothing where there are none. */
export const manifestMutants: Mutator = (subject) => {
  const { manifests } = subject;
  return manifests === null ? [] : [...runMutants(subject, manifests), ...reportsMutants(subject, manifests)];
};

type Found = Mutant["found"];
type Changed = readonly [kind: string, file: string, found: Found, changed: Partial<ReadRun>];
const otherDigest = "0".repeat(64);

function runMutants(subject: Subject, manifests: ManifestsAsked): readonly Mutant[] {
  const named = understood(subject).flatMap((one) =>
    one.kind === "chaos" ? one.content.series.flatMap(({ reports }) => reports.map(({ run }) => run.id)) : [],
  );
  const first = manifests.runs.find(({ own, stored }) => named.includes(own) && stored.kind === "read");
  if (first?.stored.kind !== "read") return [];
  const { stored } = first;
  const file = join(first.folder, manifestFileName);
  const other = (part: Partial<Manifest>): Partial<ReadRun> => ({
    stored: { ...stored, manifest: { ...stored.manifest, ...part } },
  });
  const seals = sealsOf(stored.manifest, manifests.key).map(([kind, found, seal]): Changed => [
    kind,
    file,
    found,
    other({ seal }),
  ]);
  const changed = [...fileChanges(first), ...manifestChanges(first, file), ...seals];
  return changed.map(([kind, at, found, part]) => {
    const runs = manifests.runs.map((one) => (one === first ? { ...one, ...part } : one));
    return {
      kind: `manifest of a run: ${kind}`,
      file: at,
      found,
      subject: { ...subject, manifests: { ...manifests, runs } },
    };
  });
}

function fileChanges({ folder, found }: ReadRun): readonly Changed[] {
  const added = { path: "added-later", bytes: 1, sha256: otherDigest };
  const [one] = found;
  const more: Changed = ["a file was added", join(folder, added.path), "unusable", { found: [...found, added] }];
  if (one === undefined) return [more];
  const at = join(folder, one.path);
  const [, ...rest] = found;
  return [
    ["a file was altered", at, "unusable", { found: [{ ...one, bytes: 1, sha256: otherDigest }, ...rest] }],
    ["a file cannot be read", at, "unusable", { found: [{ path: one.path, problem: "EACCES" }, ...rest] }],
    ["a file is missing", at, "unusable", { found: rest }],
    more,
  ];
}

function manifestChanges({ stored, own }: ReadRun, file: string): readonly Changed[] {
  return [
    ["it is missing", file, "inconclusive", { stored: { kind: "absent" } }],
    ["it is torn", file, "unusable", { stored: unreadable("it is no JSON, or only a part of it") }],
    ["it is of another run", file, "unusable", { stored, own: `${own}-other` }],
  ];
}

/** Seals that are not the one of a manifest; none where it has none, or no key tells it. */
function sealsOf({ seal }: Manifest, key: SealKey | null): readonly (readonly [string, Found, Manifest["seal"]])[] {
  if (seal === null || key === null) return [];
  const keyId = seal.keyId === "0".repeat(16) ? "1".repeat(16) : "0".repeat(16);
  return [
    ["its seal is absent", "inconclusive", null],
    ["its seal is of another key", "unusable", { ...seal, keyId }],
    [
      "its seal is of another content",
      "unusable",
      { ...seal, value: Buffer.from(seal.value, "base64").fill(0).toString("base64") },
    ],
  ];
}

function reportsMutants(subject: Subject, manifests: ManifestsAsked): readonly Mutant[] {
  const { raw } = subject;
  const mutants = raw.folder.manifests.flatMap(({ file, text }): readonly Mutant[] => {
    const stored = manifestIn(text ?? "");
    if (stored.kind !== "read" || stored.manifest.of.kind !== "reports") return [];
    const put = (kind: string, found: Found, to: { readonly at?: string; readonly text: string }): Mutant => {
      const all = raw.folder.manifests.map((one) => (one.file === file ? { ...one, text: to.text } : one));
      const changed = { ...subject, raw: { ...raw, folder: { ...raw.folder, manifests: all } } };
      return { kind: `manifest of reports: ${kind}`, file: to.at ?? file, found, subject: changed };
    };
    const { manifest } = stored;
    const seals = sealsOf(manifest, manifests.key).map(([kind, found, seal]) =>
      put(kind, found, { text: JSON.stringify({ ...manifest, seal }) }),
    );
    return [
      put("it is torn", "unusable", { text: "{" }),
      ...listedChanges(subject, { file, manifest, key: manifests.key }).map(([kind, at, found, document]) =>
        put(kind, found, { at, text: JSON.stringify(document) }),
      ),
      ...seals,
    ];
  });
  if (mutants.length === 0) return [];
  const keyless = { ...subject, manifests: { ...manifests, key: null, isRequired: true } };
  const kind = "manifest: no key was given where seals are required";
  return [...mutants, { kind, file: raw.folder.folder, found: "inconclusive", subject: keyless }];
}

/** What a manifest of reports lists otherwise than it lies there; sealed again, as only who has the key can. */
function listedChanges(
  { raw }: Subject,
  { file, manifest, key }: { readonly file: string; readonly manifest: Manifest; readonly key: SealKey | null },
): readonly (readonly [string, string, Found, Manifest])[] {
  const here = dirname(file);
  const contract = manifest.files.find(({ path }) => raw.folder.files.some((one) => one.file === join(here, path)));
  const run = manifest.files.find(({ path }) => raw.folder.runFolders.includes(dirname(join(here, path))));
  const canSeal = key !== null && (key.algorithm === "HMAC-SHA256" || key.privateKey !== null);
  const listing = (files: Manifest["files"]): Manifest =>
    canSeal && manifest.seal !== null ? sealedBy({ ...manifest, files }, key) : { ...manifest, files };
  const other = (path: string): Manifest =>
    listing(manifest.files.map((one) => (one.path === path ? { ...one, sha256: otherDigest } : one)));
  const gone = { path: "chaos_gone.json", bytes: 1, sha256: otherDigest };
  return [
    ["a file that it lists is not here", join(here, gone.path), "inconclusive", listing([...manifest.files, gone])],
    ...(contract === undefined
      ? []
      : [
          ["a file is not the one that it lists", join(here, contract.path), "unusable", other(contract.path)] as const,
        ]),
    ...(run === undefined
      ? []
      : [
          ["a run's manifest is not the one that it lists", join(here, run.path), "unusable", other(run.path)] as const,
        ]),
    ...(contract === undefined || key === null
      ? []
      : [
          [
            "a file is under no seal",
            join(here, contract.path),
            "inconclusive",
            listing(manifest.files.filter((one) => one !== contract)),
          ] as const,
        ]),
  ];
}
