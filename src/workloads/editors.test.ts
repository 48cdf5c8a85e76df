import { expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { Edit, EditContext } from "../core/workload.ts";
import { runEditors } from "./editors.ts";

/** The edits that were asked for until there were so many, and then the editors were told to rest. */
async function edited(seed: string, count: number, changed: Partial<EditContext> = {}): Promise<readonly Edit[]> {
  const rest = new AbortController();
  const edits: Edit[] = [];
  await runEditors({
    settings: { documents: 4, ratePerSecond: 1000, timeoutMs: 1000 },
    nodes: ["n1", "n2", "n3"],
    seed,
    clock: systemClock,
    mayBegin: () => Promise.resolve(true),
    edit: (edit) => {
      edits.push(edit);
      if (edits.length >= count) rest.abort();
      return Promise.resolve();
    },
    stop: rest.signal,
    ...changed,
  });
  return edits;
}

test("The same seed edits the same, in the same order; another seed does not.", async () => {
  const edits = await edited("42", 24);
  expect(edits).toHaveLength(24);
  expect(await edited("42", 24)).toEqual(edits);
  expect(await edited("43", 24)).not.toEqual(edits);
});

test("Every other edit writes one register; the others add to a set and to a counter; no value comes twice.", async () => {
  const edits = await edited("42", 24);
  const kinds = edits.map(({ change }) => change.kind);
  expect(kinds.slice(0, 4)).toEqual(["register", "set", "register", "counter"]);
  expect(kinds.filter((kind) => kind === "register")).toHaveLength(12);
  expect(new Set(edits.flatMap(({ field, change }) => (change.kind === "register" ? [field] : [])))).toEqual(
    new Set(["title"]),
  );
  const values = edits.flatMap(({ change }) => (change.kind === "register" ? change.value : change.add));
  const written = values.filter((value) => typeof value === "string");
  expect(new Set(written).size).toBe(written.length);
});

test("Every node edits in every round, so that both sides of a cut do; documents are those there are.", async () => {
  const edits = await edited("42", 24);
  for (let from = 0; from < 24; from += 3) {
    expect(new Set(edits.slice(from, from + 3).map(({ node }) => node))).toEqual(new Set(["n1", "n2", "n3"]));
  }
  for (const { document } of edits) expect(document).toMatch(/^document\.[1-4]$/);
});

test("Before a fault is in force nothing is edited, and nothing at all where none ever is.", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const edits: Edit[] = [];
  const rest = new AbortController();
  const edit = (one: Edit): Promise<void> => {
    edits.push(one);
    rest.abort();
    return Promise.resolve();
  };
  const running = edited("42", 1, { mayBegin: () => promise, edit, stop: rest.signal });
  await new Promise((done) => setTimeout(done, 20));
  expect(edits).toEqual([]);
  resolve(true);
  await running;
  expect(edits).toHaveLength(1);
  expect(await edited("42", 1, { mayBegin: () => Promise.resolve(false) })).toEqual([]);
});

test("Told to rest they ask for no more, and end when the last answer is in.", async () => {
  const rest = new AbortController();
  const answer = Promise.withResolvers<void>();
  let asked = 0;
  let hasEnded = false;
  const edit = (): Promise<void> => {
    asked += 1;
    if (asked === 3) rest.abort();
    return answer.promise;
  };
  // Open loop: the second and third are asked for although the first has no answer.
  const running = edited("42", 99, { edit, stop: rest.signal }).then(() => (hasEnded = true));
  await new Promise((done) => setTimeout(done, 30));
  expect([asked, hasEnded]).toEqual([3, false]);
  answer.resolve();
  await running;
  expect([asked, hasEnded]).toEqual([3, true]);
});

test("At rest from the start, nothing is edited.", async () => {
  expect(await edited("42", 1, { stop: AbortSignal.abort() })).toEqual([]);
});
