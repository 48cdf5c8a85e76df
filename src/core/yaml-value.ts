import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Json } from "./json.ts";
import { quoted } from "./printable.ts";
import { nearest } from "./suggest.ts";
import { deepest, type Finding, tooDeep } from "./yaml-tokens.ts";

/** Aliases may add so many values to what is written: far more than any file of ours, and far fewer than "a billion laughs". */
const mostAliased = 10_000;
const mostFindings = 1000;
/** Names that mean something to JavaScript's objects: never keys of ours. */
const reserved = ["__proto__", "constructor", "prototype"] as const;

/** A parsed file's value as JSON, with what had to be refused in it, and to which node each alias leads. */
export interface ReadValue {
  readonly value: Json;
  readonly findings: readonly Finding[];
  readonly aliases: ReadonlyMap<Alias, Node>;
}

/** A value with how many values and levels it has, aliases counted at their full size. */
interface Sized {
  readonly value: Json;
  readonly size: number;
  readonly height: number;
}

/** Turns a parsed node into JSON. Refuses what JSON or our languages have no place for, each with its place; throws nothing. */
export function readValue(root: Node | null): ReadValue {
  const reader = new Reader();
  const { value } = reader.read(root, 0);
  return { value, findings: reader.findings, aliases: reader.aliases };
}

class Reader {
  readonly findings: Finding[] = [];
  readonly aliases = new Map<Alias, Node>();
  /** What each anchor's name stands for so far; null while its own value is being read. */
  readonly #anchors = new Map<string, { readonly node: Node; sized: Sized | null }>();
  #aliased = 0;
  #isTooDeep = false;

  read(node: unknown, depth: number): Sized {
    if (isAlias(node)) return this.#alias(node, depth);
    if (depth > deepest) {
      if (!this.#isTooDeep) this.#refuse(node, tooDeep);
      this.#isTooDeep = true;
      return leaf(null);
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return leaf(null);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, sized: null });
    const sized = isScalar(node)
      ? this.#scalar(node)
      : isSeq(node)
        ? this.#list(node.items, depth)
        : this.#object(node, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, sized });
    return sized;
  }

  #alias(alias: Alias, depth: number): Sized {
    const anchor = this.#anchors.get(alias.source);
    if (anchor === undefined) {
      const near = nearest(alias.source, [...this.#anchors.keys()]);
      const fix = near === null ? "write the value out" : `did you mean *${near}?`;
      this.#refuse(alias, `there is no anchor &${quoted(alias.source).slice(1, -1)} before this (${fix})`);
      return leaf(null);
    }
    this.aliases.set(alias, anchor.node);
    if (anchor.sized === null) {
      this.#refuse(
        alias,
        `*${quoted(alias.source).slice(1, -1)} stands within what it stands for, without end: write the value out`,
      );
      return leaf(null);
    }
    const before = this.#aliased;
    this.#aliased += anchor.sized.size;
    if (this.#aliased > mostAliased) {
      const message = `aliases multiply to more than ${mostAliased} values here: write out what is needed`;
      if (before <= mostAliased) this.#refuse(alias, message);
      return leaf(null);
    }
    if (depth + anchor.sized.height > deepest + 1) {
      this.#refuse(alias, tooDeep);
      return leaf(null);
    }
    return anchor.sized;
  }

  #list(items: readonly unknown[], depth: number): Sized {
    const read = items.map((item) => this.read(item, depth + 1));
    return grown(
      read.map(({ value }) => value),
      read,
    );
  }

  #object(map: YAMLMap, depth: number): Sized {
    const lines = new Map<string, unknown>();
    const read = map.items.flatMap((pair): readonly (readonly [string, Sized])[] => {
      const key = this.#key(pair, map);
      if (key === null) return [];
      if (lines.has(key)) {
        this.#refuse(pair.key, `the key ${quoted(key)} stands here a second time: keep one of the two`);
        return [];
      }
      lines.set(key, pair.key);
      return [[key, this.read(pair.value, depth + 1)]];
    });
    const value = Object.fromEntries(read.map(([key, sized]) => [key, sized.value]));
    return grown(
      value,
      read.map(([, sized]) => sized),
    );
  }

  /** The key's text; null where it was refused. */
  #key({ key }: Pair, map: YAMLMap): string | null {
    const value: unknown = isScalar(key) ? key.value : undefined;
    if (typeof value === "string") {
      const wrong = wrongKey(value);
      if (wrong === null) return value;
      this.#refuse(key, wrong);
      return null;
    }
    const text = isScalar(key) && value !== null ? (key.source ?? JSON.stringify(value)) : null;
    const what = text === null ? "a key is empty, a list or an object" : `the key ${text} is no text`;
    const fix = text === null ? "write a name before the colon" : `put it into quotes: "${text}"`;
    this.#refuse(isScalar(key) ? key : map, `${what}; ${fix}`);
    return null;
  }

  #scalar(node: Scalar): Sized {
    const { value } = node;
    if (value === undefined || value === null) return leaf(null);
    if (typeof value === "string" || typeof value === "boolean") return leaf(value);
    if (typeof value === "number") {
      const wrong = wrongNumber(value, node.source ?? "");
      if (wrong !== null) this.#refuse(node, wrong);
      return leaf(wrong === null ? value : 0);
    }
    this.#refuse(node, "this kind of value is not read: put it into quotes");
    return leaf(null);
  }

  #refuse(node: unknown, message: string): void {
    if (this.findings.length >= mostFindings) return;
    const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : null;
    const [from, to] = [range?.[0] ?? 0, range?.[1] ?? 1];
    this.findings.push({ offset: from, length: to - from, message });
  }
}

function leaf(value: Json): Sized {
  return { value, size: 1, height: 1 };
}

function grown(value: Json, children: readonly Sized[]): Sized {
  let [size, height] = [1, 1];
  for (const child of children) {
    size += child.size;
    height = Math.max(height, child.height + 1);
  }
  return { value, size, height };
}

function wrongKey(key: string): string | null {
  if (key === "<<") return "merge keys (<<) are not read: write the keys out, or let the whole value be an alias";
  if (reserved.some((name) => name === key)) return `${quoted(key)} cannot be a key: choose another name`;
  return /[\p{Cc}\u2028\u2029]/u.test(key)
    ? `the key ${quoted(key)} has line breaks or control characters: write a name on one line`
    : null;
}

function wrongNumber(value: number, source: string): string | null {
  const text = quoted(source).slice(1, -1);
  if (!Number.isFinite(value)) return `${text} is no number that can be used: write a finite one, or a text in quotes`;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `${text} is too large to be kept exactly: at most ${Number.MAX_SAFE_INTEGER}, or a text in quotes`;
  }
  return null;
}
