import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { HarnessError, systemCodeOf } from "./harness-error.ts";
import { printable } from "./printable.ts";
import { invalid } from "./problem.ts";
import { nearest } from "./suggest.ts";

const largestFileBytes = 1024 * 1024;

/** The text of a file that somebody wrote, and the SHA-256 of its bytes, in hexadecimal. */
export interface SourceText {
  readonly text: string;
  readonly digest: string;
}

/** Reads a file that somebody wrote. Throws `HarnessError` (exit 64) for one that is missing, no file, over 1 MiB, or no UTF-8 text. */
export function readText(file: string): SourceText {
  const bytes = readBytes(file);
  if (bytes.length > largestFileBytes) {
    throw whole(file, `the file has ${bytes.length} bytes; at most 1 MiB is read`);
  }
  const text = utf8(bytes);
  if (text === null) {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw whole(
      file,
      `it cannot be read as UTF-8 text; ${isUtf16 ? "it is UTF-16: save it as UTF-8" : "is it binary?"}`,
    );
  }
  const nul = text.indexOf("\0");
  if (nul >= 0)
    throw whole(file, `it cannot be read as UTF-8 text; is it binary? There is a NUL at character ${nul + 1}`);
  return { text, digest: createHash("sha256").update(bytes).digest("hex") };
}

function readBytes(file: string): Uint8Array {
  try {
    const about = statSync(file);
    if (about.isDirectory()) throw unreadable(file, { reason: "it is a folder, not a file", next: filesIn(file) });
    // A pipe or a device may never end.
    if (!about.isFile()) throw unreadable(file, { reason: "it is no regular file", next: "give a file" });
    if (about.size > largestFileBytes) {
      throw whole(file, `the file has ${about.size} bytes; at most 1 MiB is read`);
    }
    return readFileSync(file);
  } catch (thrown) {
    if (thrown instanceof HarnessError) throw thrown;
    const code = systemCodeOf(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw unreadable(file, { reason: `there is no such file${near(file)}`, next: "check the path", cause: thrown });
    }
    const reason = code === "EACCES" ? "you may not read it" : `it cannot be read (${code ?? "no reason given"})`;
    throw unreadable(file, { reason, next: "check its permissions", cause: thrown });
  }
}

interface Unreadable {
  readonly reason: string;
  readonly next: string;
  readonly cause?: unknown;
}

function unreadable(file: string, { reason, next, cause }: Unreadable): HarnessError {
  return new HarnessError(`${printable(file)}: ${reason}`, {
    code: "unreadable-file",
    exit: "usage",
    next,
    cause,
    problems: [{ file, line: null, column: null, message: reason, pointer: null }],
  });
}

function whole(file: string, message: string): HarnessError {
  return invalid(file, [{ place: file, message }]);
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The file of that folder that was most likely meant. */
function near(file: string): string {
  const found = nearest(basename(file), namesIn(dirname(file)));
  return found === null ? "" : ` (did you mean ${printable(found)}?)`;
}

function filesIn(folder: string): string {
  const names = namesIn(folder).filter((name) => /\.(ya?ml|json)$/.test(name));
  return names.length === 0
    ? "give a file"
    : `give a file, as ${printable(`${folder.replace(/\/$/, "")}/${names[0]}`)}`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
