import { expect, test } from "vitest";
import type { RunSummary } from "../core/stored-summary.ts";
import { listPage } from "./site-list.ts";

const run = (index: number): RunSummary => ({
  id: `run-${index}`,
  scenario: "leader-loss",
  variant: "kill",
  series: "one",
  startedAt: new Date(index * 1000).toISOString(),
  status: "pass",
  reason: "",
  repetition: "1 of 1",
  commit: null,
  measurements: [],
  verdicts: [],
  files: [],
});
const runs = Array.from({ length: 150 }, (_, index) => run(index));
const filter = { scenario: "", variant: "", status: "", text: "" };

test.each([
  [1, 1, 100],
  [2, 2, 50],
  [1.5, 1, 100],
  [0, 1, 100],
  [-3, 1, 100],
  [1e300, 2, 50],
])("Asked for page %d of two, page %d is shown, with %d runs.", (at, shown, count) => {
  const page = listPage(runs, { filter, at, folder: "reports", unseen: [] });
  expect(page).toContain(`Page ${shown} of 2`);
  expect(page.match(/<span class="dim">run-/g)).toHaveLength(count);
});

test("A folder without a run says so, and one of which none is left says that.", () => {
  const about = { filter, at: 1, folder: "reports", unseen: [] };
  expect(listPage([], about)).toContain("There is no run here yet.");
  expect(listPage(runs, { ...about, filter: { ...filter, text: "nobody" } })).toContain("No run is left.");
});
