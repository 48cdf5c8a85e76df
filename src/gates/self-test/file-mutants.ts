import { dirname, join } from "node:path";
import type { RawFile } from "../read-folder.ts";
import { type Mutant, type Mutator, type Subject, understood, withText } from "./mutant.ts";

/** What becomes of a whole file: another text, or a problem instead of one. */
const fates: readonly (readonly [kind: string, found: Mutant["found"], fate: (raw: RawFile) => RawFile])[] = [
  ["is empty", "unusable", (raw) => ({ ...raw, text: "" })],
  ["is cut in half", "unusable", (raw) => ({ ...raw, text: (raw.text ?? "").slice(0, (raw.text ?? "").length / 2) })],
  ["is a page of HTML", "unusable", (raw) => ({ ...raw, text: "<!doctype html><p>404" })],
  ["is null", "unusable", (raw) => ({ ...raw, text: "null" })],
  ["is a list", "unusable", (raw) => ({ ...raw, text: "[]" })],
  ["is a number", "unusable", (raw) => ({ ...raw, text: "1" })],
  ["has no right to be read", "unusable", (raw) => ({ ...raw, text: null, problem: "EACCES" })],
  ["is a link", "unusable", (raw) => ({ ...raw, text: null, problem: "it is a link" })],
  ["is a folder", "unusable", (raw) => ({ ...raw, text: null, problem: "it is no file" })],
];

/** Every file as a whole: missing, empty, torn, of another kind, unreadable. */
export const fileMutants: Mutator = (subject) => [
  ...understood(subject).flatMap((one) => contractFile(subject, one.file, `${one.kind} file`)),
  ...coverageFile(subject),
  ...folderMutants(subject),
];

function contractFile(subject: Subject, file: string, what: string): readonly Mutant[] {
  const { raw } = subject;
  return [
    { kind: `${what} is missing`, file, found: "inconclusive", subject: withText(subject, file, null) },
    ...fates.map(([fate, found, change]): Mutant => {
      const files = raw.folder.files.map((one) => (one.file === file ? { ...one, ...change(one) } : one));
      return {
        kind: `${what} ${fate}`,
        file,
        found,
        subject: { ...subject, raw: { ...raw, folder: { ...raw.folder, files } } },
      };
    }),
  ];
}

function coverageFile(subject: Subject): readonly Mutant[] {
  const { raw } = subject;
  const { file } = raw.coverage;
  const changed = (coverage: RawFile): Subject => ({ ...subject, raw: { ...raw, coverage } });
  return [
    {
      kind: "coverage file is missing",
      file,
      found: "inconclusive",
      subject: changed({ ...raw.coverage, text: null, problem: "ENOENT" }),
    },
    ...fates.map(([fate, found, change]): Mutant => ({
      kind: `coverage file ${fate}`,
      file,
      found,
      subject: changed(change(raw.coverage)),
    })),
  ];
}

/** The folder as a whole: nothing in it, or a part that cannot be looked through. */
function folderMutants(subject: Subject): readonly Mutant[] {
  const { raw } = subject;
  const [first] = raw.folder.files;
  if (first === undefined) return [];
  const hidden = join(dirname(first.file), "hidden");
  const with_ = (folder: Partial<Subject["raw"]["folder"]>): Subject => ({
    ...subject,
    raw: { ...raw, folder: { ...raw.folder, ...folder } },
  });
  return [
    { kind: "folder is empty", file: "", found: "inconclusive", subject: with_({ files: [], runFolders: [] }) },
    {
      kind: "folder has a part that cannot be looked through",
      file: hidden,
      found: "inconclusive",
      subject: with_({ unseen: [{ folder: hidden, problem: "EACCES" }] }),
    },
  ];
}
