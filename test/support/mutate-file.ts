import { parse } from "yaml";
import { isList, isObject, type Json } from "../../src/core/json.ts";
import { type Random, randomStream } from "../../src/core/random.ts";

/** A good file that mutants are made of: its text, and the same as a value. */
export interface Specimen {
  readonly name: string;
  readonly text: string;
  readonly value: Json;
}

/** Reads a good file's text into a specimen. */
export function specimen(name: string, text: string): Specimen {
  const value: Json = parse(text);
  return { name, text, value };
}

/** What is put in where something is expected: words of the languages, of YAML, and what breaks parsers. */
const dictionary = [
  ..."{ } [ ] , : - ? | > & * ! % @ ` # ' \" \\ ~ << --- ... = ".split(" "),
  ..."!!js/function !!binary !!int !tag &a *a *definite %YAML null true yes .nan .inf -.inf 0x1f 0o17 1e999 -0".split(
    " ",
  ),
  ..."99999999999999999999 5 5s 5.5 -1 1_000 2026-01-01 12:30:00 __proto__ constructor prototype toString hasOwnProperty".split(
    " ",
  ),
  ..."name title class variants timeline cast inject heal hold await on sides with for within operations hooks nodes ports set".split(
    " ",
  ),
  "\t",
  "\n",
  "\r\n",
  "\0",
  "\u001b[2J",
  "\u202e",
  "\ufeff",
  "\ud800",
  "é",
  "日本",
  "😀",
  "",
  " ",
  "  ",
  "\u2028",
  "\u0085",
] as const;

type Mutation = (text: string, random: Random, other: string) => string;

const textual: readonly Mutation[] = [
  // Bytes.
  (text, random) => spliced(text, place(text, random), { drop: 1, put: String.fromCodePoint(random.int(0, 255)) }),
  (text, random) => spliced(text, place(text, random), { drop: random.int(0, 3), put: "" }),
  (text, random) => spliced(text, place(text, random), { drop: 0, put: word(random) }),
  // Tokens.
  (text, random) => withToken(text, random, word(random)),
  (text, random) => withToken(text, random, ""),
  (text, random) => withToken(text, random, pick(random, ["x", ...[...text.matchAll(/[\w.-]+/g)].map(([one]) => one)])),
  // Lines.
  (text, random) => withLines(text, random, (lines, at) => lines.toSpliced(at, 0, lines[at] ?? "")),
  (text, random) => withLines(text, random, (lines, at) => lines.toSpliced(at, 1)),
  (text, random) =>
    withLines(text, random, (lines, at) =>
      lines.toSpliced(random.int(0, lines.length), 0, ...lines.splice(at, random.int(1, 4))),
    ),
  (text, random) =>
    withLines(text, random, (lines, at) => lines.with(at, pick(random, [" ", "  ", "\t", "- "]) + (lines[at] ?? ""))),
  (text, random) => withLines(text, random, (lines, at) => lines.with(at, (lines[at] ?? "").replace(/^ {1,2}/, ""))),
  // Ends, and two files in one.
  (text, random) => text.slice(0, place(text, random)),
  (text, random, other) => text.slice(0, place(text, random)) + other.slice(place(other, random)),
  (text, random) => text.replaceAll("\n", pick(random, ["\r\n", "\r", "\n\n", "\n---\n"])),
  // Anchors, tags, depth.
  (text, random) =>
    withToken(text, random, `&a ${word(random)}`) + pick(random, ["\nx: *a\n", "\n- *a\n", "\n*a : 1\n"]),
  (text, random) => withToken(text, random, `${"[".repeat(random.int(1, 60))}1${"]".repeat(random.int(1, 60))}`),
  (text, random) => withToken(text, random, `!!${pick(random, ["str", "map", "js/undefined", "set", "omap"])} x`),
];

const structural: readonly ((value: Json, random: Random) => Json)[] = [
  (value, random) => changed(value, random, () => strange(random)),
  (value, random) => changed(value, random, (one) => [one]),
  (value, random) => changed(value, random, (one) => ({ [pick(random, dictionary)]: one })),
  (value, random) =>
    changed(value, random, (one) => (isObject(one) ? Object.fromEntries(Object.entries(one).slice(1)) : one)),
  (value, random) => changed(value, random, (one) => renamed(one, random)),
  (value, random) =>
    changed(value, random, (one) =>
      isObject(one) ? withKey(one, word(random) || "x", strange(random)) : strange(random),
    ),
  (value, random) => changed(value, random, (one) => (isList(one) ? [...one, ...one, strange(random)] : one)),
  (value, random) =>
    changed(value, random, (one) => Array.from({ length: random.int(2, 50) }).reduce<Json>((inner) => [inner], one)),
  (value, random) =>
    changed(value, random, (one) => (typeof one === "string" ? withToken(one, random, word(random)) : one)),
  (value, random) =>
    changed(value, random, (one) =>
      typeof one === "number" ? one * pick(random, [-1, 0, 1.5, 1000, 1e300]) : JSON.stringify(one),
    ),
];

/** The mutant of that number: one to three changes of a specimen's text, of its structure, or of both. The same seed and number give the same. */
export function mutant(
  seed: string,
  number: number,
  specimens: readonly Specimen[],
): { readonly of: Specimen; readonly bytes: Uint8Array } {
  const random = randomStream(seed, `file ${number}`);
  const of = pick(random, specimens);
  const other = pick(random, specimens);
  const isStructural = random.fraction() < 0.5;
  let { value, text } = of;
  if (isStructural) {
    for (let times = random.int(1, 2); times > 0; times -= 1) value = pick(random, structural)(value, random);
    text = JSON.stringify(value, null, random.int(0, 2));
  }
  const times = isStructural ? random.int(0, 5) - 4 : random.int(1, 3);
  for (let turn = 0; turn < times; turn += 1) text = pick(random, textual)(text, random, other.text);
  const bytes = Buffer.from(text);
  // Now and then what is no UTF-8 any more.
  if (random.int(0, 99) === 0 && bytes.length > 0) bytes[random.int(0, bytes.length - 1)] = random.int(128, 255);
  return { of, bytes };
}

function pick<T>(random: Random, items: readonly T[]): T {
  const [drawn] = items.slice(random.int(0, Math.max(0, items.length - 1)));
  if (drawn === undefined) throw new TypeError("nothing to draw from");
  return drawn;
}

function word(random: Random): string {
  return pick(random, dictionary);
}

function place(text: string, random: Random): number {
  return random.int(0, text.length);
}

function spliced(text: string, at: number, { drop, put }: { readonly drop: number; readonly put: string }): string {
  return text.slice(0, at) + put + text.slice(at + drop);
}

function withToken(text: string, random: Random, put: string): string {
  const tokens = [...text.matchAll(/[\w.-]+|[^\s\w]/g)];
  if (tokens.length === 0) return put;
  const token = pick(random, tokens);
  return spliced(text, token.index, { drop: token[0].length, put });
}

function withLines(text: string, random: Random, change: (lines: string[], at: number) => readonly string[]): string {
  const lines = text.split("\n");
  return change(lines, random.int(0, lines.length - 1)).join("\n");
}

function strange(random: Random): Json {
  const values: readonly Json[] = [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    "",
    "5s",
    "5",
    "x".repeat(500),
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    { name: "x" },
  ];
  return random.fraction() < 0.3 ? word(random) : pick(random, values);
}

function renamed(value: Json, random: Random): Json {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const at = random.int(0, Math.max(0, entries.length - 1));
  return Object.fromEntries(
    entries.map(([key, one], index) => [index === at ? key.slice(1) + word(random) : key, one]),
  );
}

function withKey(value: Readonly<Record<string, Json>>, key: string, one: Json): Json {
  // `__proto__` as a key of its own, as a parser makes it.
  return Object.fromEntries([...Object.entries(value), [key, one]]);
}

/** The value with one part of it, drawn on the way down, put through a change. */
function changed(value: Json, random: Random, change: (part: Json) => Json): Json {
  const length = isList(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
  if (length === 0 || random.fraction() < 0.25) return change(value);
  const at = random.int(0, length - 1);
  if (isList(value)) return value.map((one, index) => (index === at ? changed(one, random, change) : one));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one], index) => [key, index === at ? changed(one, random, change) : one]),
  );
}
