import { createHash, createHmac, type KeyObject, sign, timingSafeEqual, verify } from "node:crypto";
import { Type } from "typebox";
import { canonicalText } from "./canonical.ts";
import { closed } from "./schema-parts.ts";

/** A seal by a key over everything else in a document. */
export interface Seal {
  readonly algorithm: "HMAC-SHA256" | "Ed25519";
  /** Which key, in 16 hexadecimal digits; tells nothing of it. */
  readonly keyId: string;
  /** In base64. */
  readonly value: string;
}

/** A key that seals, or only tells seals. */
export type SealKey =
  | { readonly algorithm: "HMAC-SHA256"; readonly keyId: string; readonly secret: Buffer }
  | {
      readonly algorithm: "Ed25519";
      readonly keyId: string;
      /** Null: the public half alone was given. */
      readonly privateKey: KeyObject | null;
      readonly publicKey: KeyObject;
    };

/** What a seal came to, held against a key. */
export type SealStanding =
  { readonly kind: "right" } | { readonly kind: "absent" } | { readonly kind: "wrong"; readonly text: string };

/** So that what is sealed is never taken for anything else that this key signs. */
const domain = "prism-chaos seal v1\n";

/** What a seal is over: the canonical form (RFC 8785) of all but the seal. */
function sealedBytes(document: object): Buffer {
  return Buffer.from(domain + canonicalText({ ...document, seal: undefined }));
}

/** A document with its seal by a key. Throws `TypeError` for a key that can only tell seals. */
export function sealedBy<T extends { readonly seal: Seal | null }>(
  document: T,
  key: SealKey,
): Omit<T, "seal"> & { readonly seal: Seal } {
  const { algorithm, keyId } = key;
  return { ...document, seal: { algorithm, keyId, value: valueOf(sealedBytes(document), key).toString("base64") } };
}

function valueOf(bytes: Buffer, key: SealKey): Buffer {
  if (key.algorithm === "HMAC-SHA256") return createHmac("sha256", key.secret).update(bytes).digest();
  if (key.privateKey === null) throw new TypeError("a public key cannot seal");
  return sign(null, bytes, key.privateKey);
}

/** Whether a document is what this key sealed. The key says by which algorithm, never the seal. */
export function sealStanding(document: { readonly seal: Seal | null }, key: SealKey): SealStanding {
  const { seal } = document;
  if (seal === null) return { kind: "absent" };
  const wrong = (text: string): SealStanding => ({ kind: "wrong", text });
  if (seal.algorithm !== key.algorithm) return wrong(`sealed by ${seal.algorithm}, the key is for ${key.algorithm}`);
  if (seal.keyId !== key.keyId) return wrong(`sealed by the key ${seal.keyId}, given is the key ${key.keyId}`);
  return isValue(seal.value, sealedBytes(document), key)
    ? { kind: "right" }
    : wrong("the seal is not the one of this content: one of the two was altered");
}

/** Compared in constant time: how long it takes tells nothing of how much of a value is right. */
function isValue(value: string, bytes: Buffer, key: SealKey): boolean {
  const given = Buffer.from(value, "base64");
  // What does not come back the same holds more than the seal.
  if (given.toString("base64") !== value) return false;
  if (key.algorithm === "Ed25519") return given.length === 64 && verify(null, bytes, key.publicKey, given);
  const right = valueOf(bytes, key);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The name of a key: of the public half, or of a secret, from which it cannot be told. */
export function keyIdOf(key: KeyObject | Buffer): string {
  const hash = createHash("sha256");
  if (Buffer.isBuffer(key)) hash.update("prism-chaos HMAC key\n").update(key);
  else hash.update(key.export({ type: "spki", format: "der" }));
  return hash.digest("hex").slice(0, 16);
}

/** A seal as it stands in a file. */
export const sealSchema = Type.Object(
  {
    algorithm: Type.Enum(["HMAC-SHA256", "Ed25519"]),
    keyId: Type.String({ pattern: "^[0-9a-f]{16}$" }),
    value: Type.String({ minLength: 1, maxLength: 200 }),
  },
  closed,
);
