import { closeSync, copyFileSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import type { Redaction } from "./redaction.ts";

const pieceBytes = 1024 * 1024;

/** Takes secrets out of a file, whatever its encoding, in pieces; the file is left alone where it holds none. Nobody may be writing to it. */
export function redactFile(file: string, redaction: Redaction): boolean {
  if (redaction.longestBytes === 0 || !holdsSecret(file, redaction)) return false;
  const temporary = `${file}.${process.pid}.tmp`;
  // Its mode and owner are kept.
  copyFileSync(file, temporary);
  const to = openSync(temporary, "w");
  try {
    for (const { text } of pieces(file, redaction)) writeSync(to, Buffer.from(text, "latin1"));
    fsyncSync(to);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  } finally {
    closeSync(to);
  }
  renameSync(temporary, file);
  return true;
}

function holdsSecret(file: string, redaction: Redaction): boolean {
  for (const { isChanged } of pieces(file, redaction)) if (isChanged) return true;
  return false;
}

/** The file without secrets, piece by piece; what may be the beginning of one is looked at again with the next piece. */
function* pieces(
  file: string,
  redaction: Redaction,
): Generator<{ readonly text: string; readonly isChanged: boolean }> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  const from = openSync(file, "r");
  try {
    let rest = "";
    for (let read = readSync(from, piece); read > 0; read = readSync(from, piece)) {
      const redacted = redaction.latin1(rest + piece.toString("latin1", 0, read));
      rest = redacted.rest;
      yield redacted;
    }
    yield { text: rest, isChanged: false };
  } finally {
    closeSync(from);
  }
}
