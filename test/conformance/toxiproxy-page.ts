import { join } from "node:path";
import { packageRoot } from "../support/command-line.ts";
import { differences } from "./differences.ts";
import { withPart } from "./generated-part.ts";
import { points } from "./index.ts";

/** The page that says what the built-in server does. */
export const toxiproxyPage = join(packageRoot, "docs", "reference", "toxiproxy.md");

/** The page with its tables of points and of differences as the tests have them. */
export async function withPoints(page: string): Promise<string> {
  const rows = differences.map(({ point, real, ours, why }) =>
    `| ${point} | ${real} | ${ours} | ${why} |`.replaceAll("\n", " "),
  );
  const table = ["| point | Toxiproxy 2.12.0 | built in | why |", "| --- | --- | --- | --- |", ...rows];
  const differing = new Set(differences.map(({ point }) => point));
  const list = points.map(({ number, title }) => `| ${number}${differing.has(number) ? " \\*" : ""} | ${title} |`);
  const withTable = await withPart(page, "differences", table);
  return withPart(withTable, "points", ["| point | |", "| --- | --- |", ...list]);
}
