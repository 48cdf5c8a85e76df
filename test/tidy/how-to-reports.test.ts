import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportFormats } from "../../src/harness-report.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "how-to", "reports-elsewhere.md"), "utf8");

test("The page has a row for each format of `report`, and a command that writes it.", () => {
  const rows = page.split("\n").filter((line) => /^\| `[a-z]+` .*\| (any runs|one run) +\|$/.test(line));
  expect(new Set(rows.map((row) => /`([a-z]+)`/.exec(row)?.[1]))).toEqual(new Set(reportFormats));
  for (const format of reportFormats) expect(page).toContain(`--format ${format}`);
});
