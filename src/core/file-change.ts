import type { Random } from "./random.ts";

/** One change of a file that cannot be taken back, with what stood there, in base64. */
export interface FileChange {
  /** Relative to the node's data. */
  readonly name: string;
  /** How long the file was, in bytes, and how long it is then. */
  readonly sizeBytes: number;
  readonly thenBytes: number;
  /** Where it is changed; of a file that is cut, where it ends then. */
  readonly offset: number;
  /** What stood there: the changed bytes; of what was cut off at most the first 64 KiB. */
  readonly was: string;
  /** What stands there then; empty for a file that is cut. */
  readonly now: string;
}

/** The ways in which files are altered. */
export const alterations = ["flip-bit", "cut", "empty", "alter-record"] as const;
export type Alteration = (typeof alterations)[number];

/** A file that may be altered, and what is drawn from. */
export interface Alterable {
  readonly name: string;
  readonly bytes: Buffer;
  /** So many bytes at its beginning are left as they are. */
  readonly skipBytes: number;
  readonly random: Random;
}

const keptBytes = 64 * 1024;

/** How a file is altered in this way, or null where there is nothing in it that could be. Pure: the same file and draws give the same change. */
export function fileChange(how: Alteration, file: Alterable): FileChange | null {
  switch (how) {
    case "flip-bit":
      return flipped(file);
    case "cut":
      // In the middle of the content: something of it stays, and something is missing.
      return file.bytes.length - file.skipBytes < 2
        ? null
        : cutAt(file, file.random.int(file.skipBytes + 1, file.bytes.length - 1));
    case "empty":
      return file.bytes.length === 0 ? null : cutAt(file, 0);
    case "alter-record":
      return recordAltered(file);
  }
}

function flipped({ name, bytes, skipBytes, random }: Alterable): FileChange | null {
  if (bytes.length <= skipBytes) return null;
  const offset = random.int(skipBytes, bytes.length - 1);
  const was = bytes.readUInt8(offset);
  return changed({ name, bytes }, offset, was ^ (1 << random.int(0, 7)));
}

function changed({ name, bytes }: Pick<Alterable, "name" | "bytes">, offset: number, now: number): FileChange {
  const was = bytes.subarray(offset, offset + 1).toString("base64");
  const size = { sizeBytes: bytes.length, thenBytes: bytes.length };
  return { name, ...size, offset, was, now: Buffer.from([now]).toString("base64") };
}

function cutAt({ name, bytes }: Alterable, offset: number): FileChange {
  const was = bytes.subarray(offset, offset + keptBytes).toString("base64");
  return { name, sizeBytes: bytes.length, thenBytes: offset, offset, was, now: "" };
}

/** A text value of a JSON record: what stands between the quotes behind a colon. */
const textValue = /:\s*"((?:[^"\\]|\\.)*)"/g;

/** One character of a text in one record that is not the last: the line stays JSON, and says something else. */
function recordAltered({ name, bytes, random }: Alterable): FileChange | null {
  // One character a byte, so that places in the text are places in the file.
  const text = bytes.toString("latin1");
  const whole = text.slice(0, text.lastIndexOf("\n"));
  const records: { readonly at: number; readonly letters: readonly number[] }[] = [];
  let at = 0;
  for (const line of whole.split("\n").slice(0, -1)) {
    records.push({ at, letters: lettersOf(line) });
    at += line.length + 1;
  }
  const alterable = records.filter(({ letters }) => letters.length > 0);
  const record = alterable[random.int(0, Math.max(0, alterable.length - 1))];
  const letter = record?.letters[random.int(0, record.letters.length - 1)];
  if (record === undefined || letter === undefined) return null;
  const offset = record.at + letter;
  return changed({ name, bytes }, offset, another(bytes.readUInt8(offset)));
}

/** Places of the letters and digits in the texts of a line that are no part of an escape. */
function lettersOf(line: string): readonly number[] {
  return [...line.matchAll(textValue)].flatMap((match) => {
    const value = match[1] ?? "";
    const start = match.index + match[0].length - 1 - value.length;
    if (value.includes("\\")) return [];
    return value.split("").flatMap((letter, at) => (/[A-Za-z0-9]/.test(letter) ? [start + at] : []));
  });
}

/** The next letter or digit of its kind. */
function another(code: number): number {
  const letter = String.fromCharCode(code);
  const last: Readonly<Record<string, string>> = { z: "a", Z: "A", "9": "0" };
  return last[letter]?.charCodeAt(0) ?? code + 1;
}
