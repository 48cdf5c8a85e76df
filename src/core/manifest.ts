import { Type } from "typebox";
import { closed } from "./schema-parts.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { type Seal, sealSchema } from "./seal.ts";

/** The manifest's file name, in the folder of a run and beside the contract files. */
export const manifestFileName = "manifest.json";
/** The format's version; raised whenever a reader of the one before would be wrong about it. */
export const manifestVersion = 1;

/** A file as a manifest has it. */
export interface ManifestFile {
  /** From the manifest's own folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal, of the bytes. */
  readonly sha256: string;
}

/** What a manifest is of: a run's folder, or the contract files with the manifests of the runs beside them. */
export type ManifestOf =
  | {
      readonly kind: "run";
      readonly run: string;
      readonly series: string;
      readonly scenario: string;
      readonly variant: string;
      readonly repetition: number;
      /** Which attempt of its CI job made it, or null outside of one. */
      readonly attempt: number | null;
    }
  | { readonly kind: "reports" };

/** Every file of a folder as it was when it was finished. */
export interface Manifest {
  readonly version: typeof manifestVersion;
  readonly of: ManifestOf;
  /** Version of the tool that wrote it. */
  readonly tool: string;
  /** By path, in order. */
  readonly files: readonly ManifestFile[];
  /** By a key; null: it was not sealed. */
  readonly seal: Seal | null;
}

/** What lies in a folder: a file as it is now, or something that is none. */
export type FoundFile = ManifestFile | { readonly path: string; readonly problem: string };

/** One way in which a folder is not what its manifest says. */
export interface ManifestDifference {
  readonly path: string;
  readonly kind: "missing" | "altered" | "added" | "unreadable";
  readonly text: string;
}

/** A manifest of these files, without a seal. Whatever is no file is left out: who compares will find it. */
export function manifestOf(of: ManifestOf, tool: string, found: readonly FoundFile[]): Manifest {
  const files = found.filter((one) => "sha256" in one).sort((left, right) => inOrder(left.path, right.path));
  return { version: manifestVersion, of, tool, files, seal: null };
}

/** Everything in which a folder differs from its manifest, each with its path; none: it is as it was. */
export function manifestDifferences(
  { files }: Pick<Manifest, "files">,
  found: readonly FoundFile[],
): readonly ManifestDifference[] {
  const now = new Map(found.map((one) => [one.path, one]));
  const listed = new Set(files.map(({ path }) => path));
  return [
    ...files.flatMap((said) => differenceOf(said, now.get(said.path))),
    ...found
      .filter(({ path }) => !listed.has(path))
      .map(({ path, ...one }): ManifestDifference => {
        const what = "problem" in one ? one.problem : "the manifest does not list it";
        return { path, kind: "added", text: `${path} was added: ${what}` };
      }),
  ].sort((left, right) => inOrder(left.path, right.path));
}

function differenceOf(said: ManifestFile, found: FoundFile | undefined): readonly ManifestDifference[] {
  const { path } = said;
  if (found === undefined) return [{ path, kind: "missing", text: `${path} is missing` }];
  if ("problem" in found) return [{ path, kind: "unreadable", text: `${path}: ${found.problem}` }];
  if (found.sha256 === said.sha256 && found.bytes === said.bytes) return [];
  const size = found.bytes === said.bytes ? "other bytes" : `${found.bytes} bytes instead of ${said.bytes}`;
  return [{ path, kind: "altered", text: `${path} was altered: ${size}` }];
}

/** By UTF-16 units, on every machine alike. */
function inOrder(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const said = Type.String({ minLength: 1 });
/** A path that stays in its folder, whatever a file claims. */
const path = Type.String({ minLength: 1, pattern: "^(?!/)(?![^]*\\\\)(?!([^]*/)?\\.{1,2}(/|$))(?![^]*//)" });

const schema = Type.Object(
  {
    version: Type.Literal(manifestVersion),
    of: Type.Union([
      Type.Object(
        {
          kind: Type.Literal("run"),
          run: said,
          series: said,
          scenario: said,
          variant: said,
          repetition: Type.Integer({ minimum: 1 }),
          attempt: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
        },
        closed,
      ),
      Type.Object({ kind: Type.Literal("reports") }, closed),
    ]),
    tool: said,
    files: Type.Array(
      Type.Object(
        { path, bytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }) },
        closed,
      ),
    ),
    seal: Type.Union([sealSchema, Type.Null()]),
  },
  closed,
);

/** What a manifest must be, throughout; compiled when first used. */
export const manifestShape: Shape<Manifest> = shapeOf(schema);
