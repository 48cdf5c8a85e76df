import { isObject, parseJson } from "../core/json.ts";

/** What a contract file can be. */
export type EvidenceKind = "chaos" | "performance";

const names: Readonly<Record<EvidenceKind, RegExp>> = {
  chaos: /^chaos_.*\.json$/i,
  performance: /^performance.*\.json$/i,
};

/** What a file is by its name; null: the name does not tell. */
export function kindByName(name: string): EvidenceKind | null {
  return kinds.find((kind) => names[kind].test(name)) ?? null;
}

/** Keys at the top of each kind; all of them are there whatever the order of keys. */
const keys: Readonly<Record<EvidenceKind, readonly string[]>> = {
  chaos: ["recovery_successful", "class", "series"],
  performance: ["rests_on"],
};
const kinds: readonly EvidenceKind[] = ["chaos", "performance"];
const marks = kinds.map((kind) => Buffer.from(`"${keys[kind][0] ?? ""}"`));

/** Whether the beginning of a file does not rule out that it is a contract file: an object, with the key of one. Cheap: a folder may hold ten thousand other files. */
export function mayBeEvidence(head: Buffer): boolean {
  return firstByte(head) === 0x7b && marks.some((mark) => head.includes(mark));
}

/** The first byte that is neither white space nor a byte-order mark. */
function firstByte(head: Buffer): number | undefined {
  const at = head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  return head.subarray(at).find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** What a text is by what it holds; null: none of it. One that begins as a contract file and is torn is what it began as. */
export function kindOfText(text: string): EvidenceKind | null {
  const value = parseJson(text)?.value;
  if (isObject(value)) return kinds.find((kind) => keys[kind].every((key) => Object.hasOwn(value, key))) ?? null;
  if (value !== undefined) return null;
  const begin = /^\s*\{\s*"(version|recovery_successful|failover_time|class|rests_on)"/.exec(text.slice(0, 1000));
  if (begin === null) return null;
  return kinds.find((kind) => text.includes(`"${keys[kind][0] ?? ""}"`)) ?? null;
}
