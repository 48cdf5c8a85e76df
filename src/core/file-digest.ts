import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";

/** SHA-256, in hexadecimal, of a file's bytes, or null if there is no such file. Read in pieces: histories are long. */
export async function fileDigest(file: string): Promise<string | null> {
  if (!existsSync(file)) return null;
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest("hex");
}
