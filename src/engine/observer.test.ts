import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { CallTogether } from "../core/operation-answer.ts";
import { until } from "../core/wait.ts";
import { Observer } from "./observer.ts";
import { Recorder } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "observer-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();

/** Each by itself, but for what asks the same. */
const together = (names: readonly string[]): readonly (readonly string[])[] => [
  ...Map.groupBy(names, (name) => (name === "peers" || name === "members" ? "swarm" : name)).values(),
];

/** What an observer of three nodes, of which the first votes, asks them until it has asked that one so often; by node. */
async function asked(operations: readonly string[], times: number): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const nodes = ["n1", "n2", "n3"];
  const seen = new Map(nodes.map((node) => [node, new Set<string>()]));
  let count = 0;
  const callTogether: CallTogether = ({ node, operations: names }) => {
    for (const name of names) seen.get(node)?.add(name);
    if (node === "n1") count += 1;
    return Promise.resolve(new Map(names.map((name) => [name, { outcome: "ok", values: {} }])));
  };
  const recorder = new Recorder(systemClock, join(folder, `${operations.join()}.ndjson`));
  const observer = new Observer({ callTogether, together, recorder, clock: systemClock, nodes, voters: ["n1"] });
  for (const operation of operations) observer.also(operation);
  observer.start();
  await until(() => count >= times, { clock: systemClock, signal, limitMs: 5000 });
  await observer.stop();
  recorder.close();
  return seen;
}

test("Who leads, and the digest of consensus, only voters are asked; all the rest everybody is.", async () => {
  const seen = await asked(["leader", "health", "digest", "peers"], 12);
  expect(seen.get("n1")).toEqual(new Set(["leader", "health", "digest", "peers"]));
  expect(seen.get("n2")).toEqual(new Set(["health", "peers"]));
  expect(seen.get("n3")).toEqual(new Set(["health", "peers"]));
});

test("What is asked seldom takes each fourth turn, and what is asked always comes in turn between.", async () => {
  const nodes = ["n1"];
  const asks: string[] = [];
  const callTogether: CallTogether = ({ operations: names }) => {
    asks.push(...names);
    return Promise.resolve(new Map());
  };
  const recorder = new Recorder(systemClock, join(folder, "seldom.ndjson"));
  const observer = new Observer({ callTogether, together, recorder, clock: systemClock, nodes, voters: nodes });
  observer.also("health");
  observer.also("leader");
  observer.also("metrics", "seldom");
  observer.start();
  await until(() => asks.length >= 8, { clock: systemClock, signal, limitMs: 5000 });
  await observer.stop();
  recorder.close();
  expect(asks.slice(0, 8)).toEqual(["metrics", "health", "leader", "health", "metrics", "leader", "health", "leader"]);
});

test("What asks the same is asked in one request, and taken down under each name.", async () => {
  const seen = await asked(["peers", "members"], 1);
  expect(seen.get("n1")).toEqual(new Set(["peers", "members"]));
});

test("Agents are asked nothing where only voters can tell.", async () => {
  const seen = await asked(["leader"], 6);
  expect([...seen.values()].map(({ size }) => size)).toEqual([1, 0, 0]);
});
