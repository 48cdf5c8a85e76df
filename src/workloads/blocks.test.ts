import { expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { BlockContext } from "../core/workload.ts";
import { runBlocks } from "./blocks.ts";

interface Put {
  readonly node: string;
  readonly content: string;
}

interface Traffic {
  readonly puts: readonly Put[];
  readonly gets: readonly { readonly node: string; readonly block: string }[];
  /** Nodes that were asked, in order. */
  readonly nodes: readonly string[];
}

/** What was put and read until so much was asked for; every block is taken, named by its content, unless `take` says otherwise. */
async function traffic(
  seed: string,
  count: number,
  changed: Partial<BlockContext> & { readonly take?: (put: Put) => Promise<string | null> } = {},
): Promise<Traffic> {
  const stop = new AbortController();
  const puts: Put[] = [];
  const gets: { node: string; block: string }[] = [];
  const nodes: string[] = [];
  const asked = (node: string): void => {
    nodes.push(node);
    if (nodes.length >= count) stop.abort();
  };
  const { take = ({ content }: Put) => Promise.resolve(content), ...more } = changed;
  await runBlocks({
    settings: { ratePerSecond: 1000, sizeBytes: 24, timeoutMs: 1000 },
    nodes: ["n1", "n2", "n3"],
    seed,
    clock: systemClock,
    put: (node, content) => {
      puts.push({ node, content });
      asked(node);
      return take({ node, content });
    },
    get: (node, block) => {
      gets.push({ node, block });
      asked(node);
      return Promise.resolve();
    },
    stop: stop.signal,
    ...more,
  });
  return { puts, gets, nodes };
}

test("The same seed puts the same blocks on the same nodes; another seed does not.", async () => {
  const { puts, nodes } = await traffic("42", 24);
  expect(nodes).toHaveLength(24);
  expect(await traffic("42", 24)).toMatchObject({ puts, nodes });
  expect((await traffic("43", 24)).puts).not.toEqual(puts);
});

test("Blocks have the size that was asked for, and no two are alike.", async () => {
  const { puts } = await traffic("42", 24);
  for (const { content } of puts) expect(Buffer.from(content, "base64")).toHaveLength(24);
  expect(new Set(puts.map(({ content }) => content)).size).toBe(puts.length);
});

test("Puts and reads go by turns, only blocks that were taken are read, and each has its rounds of all nodes.", async () => {
  const { puts, gets } = await traffic("42", 24);
  expect([puts.length, gets.length]).toEqual([12, 12]);
  for (const { block } of gets) expect(puts.map(({ content }) => content)).toContain(block);
  for (const asked of [puts, gets].map((all) => all.map(({ node }) => node))) {
    for (let from = 0; from < 12; from += 3) {
      expect(new Set(asked.slice(from, from + 3))).toEqual(new Set(["n1", "n2", "n3"]));
    }
  }
});

test("Where no block is taken none is read, and more are put in the place of the reads.", async () => {
  const { puts, gets } = await traffic("42", 12, { take: () => Promise.resolve(null) });
  expect([puts.length, gets.length]).toEqual([12, 0]);
});

test("Open loop: a put that has no answer holds up nothing, and is awaited in the end.", async () => {
  const answer = Promise.withResolvers<string | null>();
  let hasEnded = false;
  let hasAllAsked = (): void => undefined;
  const allAsked = new Promise<void>((done) => (hasAllAsked = done));
  const stop = new AbortController();
  let asked = 0;
  const put = (): Promise<string | null> => {
    asked += 1;
    if (asked === 5) {
      stop.abort();
      hasAllAsked();
    }
    return answer.promise;
  };
  const running = traffic("42", Infinity, { put, stop: stop.signal }).then(() => (hasEnded = true));
  await allAsked;
  // Time enough to end, if it did not wait.
  await new Promise((done) => setTimeout(done, 30));
  expect([asked, hasEnded]).toEqual([5, false]);
  answer.resolve(null);
  await running;
  expect(asked).toBe(5);
});

test("Stopped before it begins, nothing is put.", async () => {
  expect((await traffic("42", 1, { stop: AbortSignal.abort() })).nodes).toEqual([]);
});
