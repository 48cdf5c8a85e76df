import { type Arbitrary, array, assert, boolean, constantFrom, nat, property, record, tuple } from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { contradiction } from "./contradiction.ts";
import { minimalContradiction } from "./minimal-contradiction.ts";

/** The oracle: tries every order (Wing and Gong, 1993; Lowe's memo), with none of the ideas of what it judges. */
function isLinearizable(operations: readonly Operation[]): boolean {
  const counted = operations.filter(({ kind, outcome }) => outcome === "ok" || (outcome === "info" && kind !== "read"));
  const end = ({ outcome, completedMs }: Operation): number => (outcome === "ok" ? completedMs : Infinity);
  const dead = new Set<string>();
  const search = (done: number, state: string | null): boolean => {
    const open = counted.filter((_, at) => (done & (1 << at)) === 0);
    if (open.every(({ outcome }) => outcome === "info")) return true;
    const name = `${done} ${state}`;
    if (dead.has(name)) return false;
    const firstEnd = Math.min(...open.map(end));
    for (const [at, operation] of counted.entries()) {
      if ((done & (1 << at)) !== 0 || operation.invokedMs > firstEnd) continue;
      const { kind, value, expected } = operation;
      if (kind === "read" && value !== state) continue;
      if (kind === "cas" && expected !== state) continue;
      if (search(done | (1 << at), kind === "read" ? state : value)) return true;
    }
    dead.add(name);
    return false;
  };
  return search(0, null);
}

const common = { process: 0, client: "c", key: "x", node: "n1", error: null, says: null, leader: null, term: null };

function made(part: Pick<Operation, "kind" | "invokedMs" | "completedMs"> & Partial<Operation>): Operation {
  return { op: 0, value: null, expected: null, outcome: "ok", ...common, ...part };
}

function write(value: string, [from, to]: readonly [number, number], part: Partial<Operation> = {}): Operation {
  return made({ kind: "write", value, invokedMs: from, completedMs: to, ...part });
}

function read(value: string | null, invokedMs: number, completedMs: number): Operation {
  return made({ kind: "read", value, invokedMs, completedMs });
}

function cas(
  change: readonly [string | null, string],
  [from, to]: readonly [number, number],
  part: Partial<Operation> = {},
): Operation {
  return made({ kind: "cas", expected: change[0], value: change[1], invokedMs: from, completedMs: to, ...part });
}

const numbered = (operations: readonly Operation[]): readonly Operation[] =>
  operations.map((operation, op) => ({ ...operation, op }));

const inDoubt = { outcome: "info" } as const;
const refused = { outcome: "fail" } as const;

test.each<readonly [string, readonly Operation[]]>([
  ["nothing at all", []],
  ["a read before any write gives nothing", [read(null, 0, 1), write("a", [2, 3]), read("a", 4, 5)]],
  ["a read that touches the next write's beginning may see it", [write("a", [1, 2]), read("a", 0, 1)]],
  [
    "a read concurrent with a write may see the value before it",
    [write("a", [0, 1]), write("b", [2, 5]), read("a", 3, 4)],
  ],
  [
    "two reads see two concurrent writes one after the other",
    [write("a", [0, 9]), write("b", [0, 9]), read("a", 1, 2), read("b", 3, 4)],
  ],
  [
    "a write in doubt is seen long after it was given up",
    [write("a", [0, 1]), write("b", [2, 3], inDoubt), read("a", 4, 5), read("b", 6, 7)],
  ],
  ["a write in doubt is never seen", [write("a", [0, 1]), write("b", [2, 3], inDoubt), read("a", 4, 5)]],
  [
    "a cas in doubt that found nothing to replace",
    [write("a", [0, 1]), cas(["z", "b"], [2, 3], inDoubt), read("a", 4, 5)],
  ],
  ["a cas makes the absent key a value", [cas([null, "a"], [0, 1]), read("a", 2, 3)]],
  ["a chain of cas", [write("a", [0, 1]), cas(["a", "b"], [2, 3]), cas(["b", "c"], [4, 5]), read("c", 6, 7)]],
  ["a refused cas is not used", [write("a", [0, 1]), cas(["a", "b"], [2, 3], refused), read("a", 4, 5)]],
])("%s: there is an order.", (_title, operations) => {
  expect(isLinearizable(operations)).toBe(true);
  expect(contradiction(numbered(operations))).toBe(null);
});

test.each<readonly [string, readonly Operation[], string, readonly number[]]>([
  ["an older value comes back", [write("a", [0, 1]), write("b", [2, 3]), read("a", 4, 5)], "meanwhile", [0, 1, 2]],
  [
    "two values alternate",
    [write("a", [0, 20]), write("b", [0, 20]), read("a", 1, 2), read("b", 3, 4), read("a", 5, 6), read("b", 7, 8)],
    "meanwhile",
    [0, 1, 3, 4, 5],
  ],
  ["an acknowledged write is not seen", [write("a", [0, 1]), read(null, 2, 3)], "from the start", [0, 1]],
  ["a read sees a write that was not sent yet", [read("a", 0, 1), write("a", [2, 3])], "comes before", [0, 1]],
  ["a read sees what nobody wrote", [write("a", [0, 1]), read("z", 2, 3)], "nobody wrote", [1]],
  ["a cas finds what nobody wrote", [cas(["z", "b"], [2, 3])], 'found "z" to replace, but nobody', [0]],
  [
    "a read sees a refused write",
    [write("a", [0, 1]), write("b", [2, 3], refused), read("b", 4, 5)],
    "was refused",
    [1, 2],
  ],
  [
    "two cas replace one value",
    [write("a", [0, 1]), cas(["a", "b"], [2, 9]), cas(["a", "c"], [2, 9])],
    "both found",
    [0, 1, 2],
  ],
  [
    "two cas make the absent key a value",
    [cas([null, "b"], [2, 9]), cas([null, "c"], [2, 9])],
    "both found nothing",
    [0, 1],
  ],
  [
    "a value is read after a cas replaced it",
    [write("a", [0, 1]), cas(["a", "b"], [2, 3]), read("a", 4, 5)],
    "comes before",
    [0, 1, 2],
  ],
  [
    "a cas in doubt was seen, and then its forerunner is back",
    [write("a", [0, 1]), cas(["a", "b"], [2, 3], inDoubt), read("b", 4, 5), read("a", 6, 7)],
    "comes before",
    [0, 1, 2, 3],
  ],
  ["cas go round in a circle", [cas(["b", "a"], [0, 9]), cas(["a", "b"], [0, 9])], "circle", [0, 1]],
  [
    "the absent key comes back",
    [cas([null, "a"], [0, 9]), read("a", 1, 2), read(null, 3, 4)],
    "comes before",
    [0, 1, 2],
  ],
])("%s: no order explains it, and the reason is told with the fewest operations.", (...[, told, words, witness]) => {
  const operations = numbered(told);
  expect(isLinearizable(operations)).toBe(false);
  const found = minimalContradiction(operations);
  expect(found.text).toContain(words);
  expect(found.operations.map(({ op }) => op)).toEqual(witness);
});

test("What is not contradictory has no minimal contradiction.", () => {
  expect(() => minimalContradiction([])).toThrow(RangeError);
});

interface Draft {
  readonly kind: Operation["kind"];
  readonly from: number;
  readonly length: number;
  readonly outcome: Operation["outcome"];
  readonly seen: number;
  readonly happens: boolean;
}

const draft = record({
  kind: constantFrom("read", "write", "cas", "cas"),
  from: nat(7),
  length: nat(7),
  outcome: constantFrom("ok", "ok", "ok", "info", "fail"),
  seen: nat(8),
  happens: boolean(),
}) satisfies Arbitrary<Draft>;

const drafts = array(draft, { minLength: 2, maxLength: 8, size: "max" });

/** Any times and any answers: values that were written, absent or made up. */
function anything(from: readonly Draft[]): readonly Operation[] {
  const values: readonly (string | null)[] = [
    null,
    "made up",
    ...from.flatMap(({ kind }, at) => (kind === "read" ? [] : [`v${at}`])),
  ];
  return from.map(({ kind, from: invokedMs, length, outcome, seen }, op) => {
    const pick = values[seen % (values.length + 1)] ?? values.at(-1) ?? null;
    const value = kind === "read" ? pick : `v${op}`;
    return made({
      op,
      kind,
      value,
      expected: kind === "cas" ? pick : null,
      invokedMs,
      completedMs: invokedMs + length,
      outcome,
    });
  });
}

/** What one register does, one operation after another, with times drawn wide around that: there is an order. */
function lawful(from: readonly Draft[]): readonly Operation[] {
  let state: string | null = null;
  return from.map((one, op) => {
    const { kind, outcome, happens } = one;
    const at = op * 4;
    const times = { invokedMs: at - (one.from % 5), completedMs: at + (one.length % 5) };
    if (kind === "read") return made({ op, kind, value: state, outcome, ...times });
    const expected: string | null = kind === "cas" ? state : null;
    if (outcome === "ok" || (outcome === "info" && happens)) state = `v${op}`;
    const gaveUp = outcome === "info" ? { completedMs: times.invokedMs } : {};
    return made({ op, kind, value: `v${op}`, expected, outcome, ...times, ...gaveUp });
  });
}

type Mutation = (operations: readonly Operation[], at: number, other: number) => readonly Operation[];

const mutations: readonly Mutation[] = [
  // A write or read is lost from the record.
  (operations, at) => operations.filter((_, index) => index !== at),
  // Two operations of one kind change their answers.
  (operations, at, other) => {
    const [one, two] = [operations[at], operations[other]];
    if (one?.kind !== "read" || two?.kind !== "read") return operations;
    return operations.map((operation) =>
      operation === one ? { ...one, value: two.value } : operation === two ? { ...two, value: one.value } : operation,
    );
  },
  // It returns earlier.
  (operations, at, other) =>
    operations.map((operation, index) =>
      index === at
        ? { ...operation, completedMs: Math.max(operation.invokedMs, operation.completedMs - other * 3) }
        : operation,
    ),
  // It was sent later.
  (operations, at, other) =>
    operations.map((operation, index) =>
      index === at
        ? { ...operation, invokedMs: Math.min(operation.completedMs, operation.invokedMs + other * 3) }
        : operation,
    ),
  // What was acknowledged was not, or the other way round.
  (operations, at, other) =>
    operations.map((operation, index) =>
      index === at ? { ...operation, outcome: other % 2 === 0 ? "fail" : "ok" } : operation,
    ),
  // A read gives another value that was written.
  (operations, at, other) =>
    operations.map((operation, index) =>
      index === at && operation.kind === "read" ? { ...operation, value: `v${other}` } : operation,
    ),
];

/** Compares with the oracle; says what it was. */
function agrees(operations: readonly Operation[]): "valid" | "invalid" {
  const isValid = isLinearizable(operations);
  const found = contradiction(operations);
  expect(found === null).toBe(isValid);
  if (isValid) return "valid";
  // The witness alone is no register either, and says why itself.
  const least = minimalContradiction(operations);
  expect(isLinearizable(least.operations)).toBe(false);
  expect(contradiction(least.operations)?.text).toBe(least.text);
  return "invalid";
}

const seed = 20_251_120;

test("On 12 000 histories of any times and answers it says what trying every order says.", { timeout: 60_000 }, () => {
  const counts = { valid: 0, invalid: 0 };
  assert(
    property(drafts, (from) => {
      counts[agrees(anything(from))] += 1;
    }),
    { seed, numRuns: 12_000 },
  );
  expect(counts.valid).toBeGreaterThan(500);
  expect(counts.invalid).toBeGreaterThan(500);
});

test(
  "On 12 000 histories of a register, changed in up to three places, it says what trying every order says.",
  { timeout: 60_000 },
  () => {
    const counts = { valid: 0, invalid: 0 };
    const change = tuple(constantFrom(...mutations), nat(7), nat(7));
    assert(
      property(drafts, array(change, { maxLength: 3, size: "max" }), (from, changes) => {
        const good = lawful(from);
        expect(contradiction(good)).toBe(null);
        counts[
          agrees(
            changes.reduce(
              (operations, [mutate, at, other]) => mutate(operations, at % operations.length, other),
              good,
            ),
          )
        ] += 1;
      }),
      { seed, numRuns: 12_000 },
    );
    expect(counts.valid).toBeGreaterThan(1000);
    expect(counts.invalid).toBeGreaterThan(1000);
  },
);
