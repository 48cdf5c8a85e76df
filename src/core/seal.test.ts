import { createHash, createHmac, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canonicalText } from "./canonical.ts";
import { keyIdOf, type Seal, sealedBy, type SealKey, sealStanding } from "./seal.ts";

const secret = createHash("sha256").update("of this test").digest();
const hmac: SealKey = { algorithm: "HMAC-SHA256", keyId: keyIdOf(secret), secret };
const otherSecret = createHash("sha256").update("another").digest();

function ed25519(): { readonly whole: SealKey; readonly half: SealKey; readonly publicKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = { algorithm: "Ed25519", keyId: keyIdOf(publicKey), publicKey } as const;
  return { whole: { ...key, privateKey }, half: { ...key, privateKey: null }, publicKey };
}
const pair = ed25519();
const document = { files: [{ path: "a", bytes: 1 }], seal: null };
type Document = Omit<typeof document, "seal"> & { readonly seal: Seal | null };

const keys: readonly (readonly [string, SealKey, SealKey])[] = [
  ["HMAC-SHA256", hmac, hmac],
  ["Ed25519", pair.whole, pair.half],
];

test.each(keys)(
  "What was sealed by %s is right, whatever the order of keys, and nothing else is.",
  (_name, key, tells) => {
    const sealed: Document = sealedBy(document, key);
    expect(sealStanding(sealed, tells)).toEqual({ kind: "right" });
    const { files, seal } = sealed;
    expect(sealStanding({ seal, files } as Document, tells)).toEqual({ kind: "right" });
    expect(sealStanding(document, tells)).toEqual({ kind: "absent" });
    expect(sealStanding({ ...sealed, files: [{ path: "a", bytes: 2 }] } as Document, tells).kind).toBe("wrong");
    expect(sealStanding({ ...sealed, more: 1 } as Document, tells).kind).toBe("wrong");
  },
);

test.each(keys)(
  "A value by %s that is cut, longer, empty, of other letters or off by one bit is wrong.",
  (_name, key, tells) => {
    const sealed = sealedBy(document, key);
    const bytes = Buffer.from(sealed.seal.value, "base64");
    const flipped = [...bytes.keys()].flatMap((at) =>
      [1, 128].map((bit) =>
        Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ bit : byte))).toString("base64"),
      ),
    );
    const values = [
      bytes.subarray(0, -1).toString("base64"),
      bytes.subarray(0, 1).toString("base64"),
      Buffer.concat([bytes, Buffer.alloc(1)]).toString("base64"),
      Buffer.concat([bytes, bytes]).toString("base64"),
      "",
      `${sealed.seal.value} `,
      `${sealed.seal.value}\n`,
      sealed.seal.value.replace(/=+$/, ""),
      bytes.toString("hex"),
      ...flipped,
    ].filter((value) => value !== sealed.seal.value);
    for (const value of values) {
      const standing = sealStanding({ ...sealed, seal: { ...sealed.seal, value } }, tells);
      expect([value, standing.kind]).toEqual([value, "wrong"]);
    }
    expect(flipped.length).toBe(bytes.length * 2);
  },
);

test("Another key is told as another key, and the seal of an older document is wrong over a later one.", () => {
  const other: SealKey = { algorithm: "HMAC-SHA256", keyId: keyIdOf(otherSecret), secret: otherSecret };
  const sealed = sealedBy(document, hmac);
  expect(sealStanding(sealed, other)).toMatchObject({ kind: "wrong", text: expect.stringContaining(other.keyId) });
  // Who says that it is the key that is asked for is found all the same.
  const lied = { ...sealedBy(document, other), seal: { ...sealedBy(document, other).seal, keyId: hmac.keyId } };
  expect(sealStanding(lied, hmac).kind).toBe("wrong");
  const later: Document = { files: [], seal: sealed.seal };
  expect(sealStanding(later, hmac).kind).toBe("wrong");
});

test("A public key is no secret: an HMAC made with its text is wrong, because the key says by which algorithm.", () => {
  const pem = Buffer.from(pair.publicKey.export({ type: "spki", format: "pem" }));
  const forged = sealedBy(document, { algorithm: "HMAC-SHA256", keyId: pair.half.keyId, secret: pem });
  expect(sealStanding(forged, pair.half)).toMatchObject({ kind: "wrong" });
  expect(() => sealedBy(document, pair.half)).toThrow(TypeError);
});

test("A seal is what any other program computes: HMAC or Ed25519 over the canonical form, after a line of its own.", () => {
  const bytes = Buffer.from(`prism-chaos seal v1\n${canonicalText({ files: document.files })}`);
  expect(sealedBy(document, hmac).seal.value).toBe(createHmac("sha256", secret).update(bytes).digest("base64"));
  const value = Buffer.from(sealedBy(document, pair.whole).seal.value, "base64");
  expect(verify(null, bytes, pair.publicKey, value)).toBe(true);
});

test("A key's name tells nothing of a secret: it is no digest of the secret alone.", () => {
  expect(keyIdOf(secret)).toMatch(/^[0-9a-f]{16}$/);
  expect(createHash("sha256").update(secret).digest("hex")).not.toContain(keyIdOf(secret));
});

test("Values are compared in constant time alone.", () => {
  const source = readFileSync(join(import.meta.dirname, "seal.ts"), "utf8");
  const body = source.slice(source.indexOf("function isValue"), source.indexOf("/** The name of a key"));
  expect(body).toContain("given.length === right.length && timingSafeEqual(given, right)");
  expect(body).not.toMatch(/right\.(equals|compare|toString)/);
});
