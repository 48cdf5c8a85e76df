import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences } from "../conformance/differences.ts";
import { points } from "../conformance/index.ts";
import { toxiproxyPage, withPoints } from "../conformance/toxiproxy-page.ts";
import { ownMutants } from "../support/own-proxy-mutants.ts";
import { mutants } from "../support/proxy-mutants.ts";

const page = readFileSync(toxiproxyPage, "utf8");
const planted = [...mutants, ...ownMutants];

test("The page on the built-in server has the points and differences of the tests; `npm run toxiproxy-page` writes them.", async () => {
  expect(await withPoints(page)).toBe(page);
});

test("The points are numbered from 1 without a gap, and every difference is one of a point.", () => {
  expect(points.map(({ number }) => number)).toEqual(points.map((_, index) => index + 1));
  expect(points.length).toBeGreaterThanOrEqual(68);
  const numbers = points.map(({ number }) => number);
  expect(differences.filter(({ point }) => !numbers.includes(point))).toEqual([]);
  expect(new Set(differences.map(({ point }) => point)).size).toBe(differences.length);
});

test("Every fault planted in the proxy has a row with the points or tests that caught it; `npm run mutants:proxy` writes them.", () => {
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const isTold = (cell: string, title: string): boolean =>
    cell.includes(title) || cell.split(", ").includes(String(Number.parseInt(title, 10)));
  const missing = planted.filter(
    ({ what, tests }) =>
      !rows.some(([, name, cell = ""]) => name === what && tests.titles.some((title) => isTold(cell, title))),
  );
  expect(missing).toEqual([]);
  for (const some of [mutants, ownMutants]) expect(some.length).toBeGreaterThanOrEqual(12);
});

test("Every fault is planted in text that is still there.", () => {
  const stale = planted.flatMap(({ what, file, edits }) => {
    const text = readFileSync(new URL(`../../src/proxy/${file}`, import.meta.url), "utf8");
    return edits.filter(([from]) => !text.includes(from)).map(([from]) => `${what}: ${file} has no longer: ${from}`);
  });
  expect(stale).toEqual([]);
});
