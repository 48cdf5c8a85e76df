import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { environmentVariable } from "./core/environment.ts";
import { HarnessError, messageOf, systemCodeOf } from "./core/harness-error.ts";
import { keyIdOf, type SealKey } from "./core/seal.ts";

// The part of the composition root that reads keys of seals. A key is a file; no value of one is ever a flag, or in a message.

/** The variable that names the key's file where no flag does. */
export const sealKeyVariable = "PRISM_CHAOS_SEAL_KEY_FILE";

/** What is asked of a key: to seal, or only to tell seals. */
export interface KeyAsked {
  /** As the flag names it; undefined: as the variable does, if it does. */
  readonly file: string | undefined;
  readonly use: "seal" | "tell";
  /** What the key speaks for: a key that lies in there speaks for nothing. */
  readonly evidence: string;
  /** Is told what should be looked at. */
  readonly tell: (line: string) => void;
}

/** A secret shorter than what SHA-256 gives is the weakest part of a seal, in bytes. */
const leastBytes = 32;

/** Reads a key; null where none was named. Throws `HarnessError` (exit 64) for a file that is no key that can be used so. */
export function sealKey({ file: asked, use, evidence, tell }: KeyAsked): SealKey | null {
  const file = asked ?? environmentVariable(sealKeyVariable);
  if (file === null) return null;
  const bytes = readKey(file);
  if (liesIn(file, evidence)) {
    throw noKey(
      `${file} lies in ${evidence}: who can change the evidence could change the key`,
      "keep the key elsewhere",
    );
  }
  const key = bytes.includes("-----BEGIN") ? ed25519(file, bytes.toString("utf8")) : hmac(file, bytes);
  const isSecret = key.algorithm === "HMAC-SHA256" || key.privateKey !== null;
  if (use === "seal" && !isSecret) {
    throw noKey(
      `${file} is a public key; it can only tell seals`,
      "give the private key to seal, the public one to verify",
    );
  }
  if (isSecret && (statSync(file).mode & 0o077) !== 0) {
    tell(`warning: ${file} can be read by others on this machine; chmod 600 ${file}`);
  }
  return key;
}

/** As `sealKey`, where there must be one. */
export function requiredSealKey(asked: KeyAsked, command: string): SealKey {
  const key = sealKey(asked);
  if (key !== null) return key;
  throw noKey(
    "no key was given",
    `prism-chaos ${command} --key-file FILE, or ${sealKeyVariable}; a new one: openssl rand -out seal.key 32, or openssl genpkey -algorithm ed25519 -out seal.pem`,
  );
}

function readKey(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > 0) return bytes;
  } catch (thrown) {
    throw noKey(`the key ${file} cannot be read: ${systemCodeOf(thrown) ?? messageOf(thrown)}`, "check the file");
  }
  throw noKey(`the key ${file} is empty`, "openssl rand -out seal.key 32 makes one");
}

function liesIn(file: string, folder: string): boolean {
  const path = relative(realPath(folder), realPath(file));
  return path === "" || !(path.startsWith("..") || path === resolve(path));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A secret of bytes; one line break at the end is the editor's. */
function hmac(file: string, bytes: Buffer): SealKey {
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0;
  // Random bytes may end in one: only text ends in a line.
  const isText = end > 0 && bytes.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
  const secret = isText ? bytes.subarray(0, bytes.length - end) : bytes;
  const other = otherKind(secret);
  if (other !== null) throw noKey(`the key ${file} is ${other}`, "openssl rand -out seal.key 32 makes a secret");
  if (secret.length >= leastBytes) return { algorithm: "HMAC-SHA256", keyId: keyIdOf(secret), secret };
  throw noKey(
    `the key ${file} has ${secret.length} bytes; a secret needs at least ${leastBytes}`,
    "openssl rand -out seal.key 32 makes one",
  );
}

/** What bytes are that are long enough for a secret and are none; null where nothing is known against them. */
function otherKind(bytes: Buffer): string | null {
  if (/^(ssh|ecdsa|sk)-\S+ /.test(bytes.subarray(0, 60).toString("latin1")))
    return "a public key of SSH: everybody may know it";
  if (isDer(bytes)) return "a key in DER; only PEM is read";
  return new Set(bytes).size === 1 && bytes.length > 1 ? "one byte over and over: anybody can guess it" : null;
}

function isDer(key: Buffer): boolean {
  return [
    () => createPublicKey({ key, format: "der", type: "spki" }),
    () => createPrivateKey({ key, format: "der", type: "pkcs8" }),
  ].some((read) => {
    try {
      return read().type !== "secret";
    } catch {
      return false;
    }
  });
}

function ed25519(file: string, text: string): SealKey {
  const isPrivate = text.includes("PRIVATE KEY-----");
  const parsed = parsePem(file, text, isPrivate);
  if (parsed.asymmetricKeyType !== "ed25519") {
    throw noKey(
      `the key ${file} is of the kind ${parsed.asymmetricKeyType ?? "unknown"}; only Ed25519 seals`,
      "openssl genpkey -algorithm ed25519 -out seal.pem",
    );
  }
  const publicKey = isPrivate ? createPublicKey(parsed) : parsed;
  return { algorithm: "Ed25519", keyId: keyIdOf(publicKey), privateKey: isPrivate ? parsed : null, publicKey };
}

function parsePem(file: string, text: string, isPrivate: boolean): KeyObject {
  try {
    return isPrivate ? createPrivateKey(text) : createPublicKey(text);
  } catch {
    const isLocked = text.includes("ENCRYPTED");
    throw noKey(
      `the key ${file} is ${isLocked ? "locked by a passphrase" : "no PEM key that can be read"}`,
      "openssl genpkey -algorithm ed25519 -out seal.pem makes one",
    );
  }
}

function noKey(message: string, next: string): HarnessError {
  return new HarnessError(message, { code: "no-seal-key", exit: "usage", next });
}
