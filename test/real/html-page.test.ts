import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { type Look, openPage, startBrowser, tooWidePx, violations, wrongTexts } from "../support/browser-page.ts";
import { Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import type { RunFolder } from "../support/run-folder.ts";

// A real browser must be there (scripts/setup-real.sh); without it these tests fail, they are not skipped.

const place = new Workplace();
let browser: Browser;
const pages = new Map<string, string>();

const short = `name: short
title: The leader is killed for two seconds
class: leader_election_failure
profiles: { quick: { nodes: 3, warmUp: 300ms, coolDown: 200ms }, full: { nodes: 3 } }
steadyState: { probes: [healthy, one-leader], hold: 300ms }
expect: [failover.time < 5s]
variants: { only: { title: Killed, timeline: [{ inject: kill, on: leader, for: 2s }] } }
`;

/** Runs it to its end; gives its page. */
async function ran(...args: readonly string[]): Promise<string> {
  const known = new Set(place.runs().map(({ run }) => run));
  await place.startRun(...args).ended;
  const folder = place.runs().find(({ run }) => !known.has(run));
  if (folder === undefined) throw new Error(`${args.join(" ")} left no folder`);
  return join(folder.path, "report.html");
}

/** Ends a run in the middle of its fault; gives its page. */
async function brokenOff(): Promise<string> {
  const known = new Set(place.runs().map(({ run }) => run));
  const call = place.startRun("leader-loss", "--variant", "kill", "--nodes", "3");
  const begun = (): RunFolder | null => place.runs().find(({ run }) => !known.has(run)) ?? null;
  const folder = await eventually(begun, { limitMs: 10_000, what: "a run's folder" });
  const inForce = (): boolean => folder.says("history.ndjson", '"type":"fault.observed"');
  await eventually(inForce, { limitMs: 60_000, what: "a fault in force" });
  call.kill("SIGINT");
  await call.ended;
  return join(folder.path, "report.html");
}

beforeAll(async () => {
  browser = await startBrowser();
  writeFileSync(join(place.folder, "short.yaml"), short);
  pages.set("a run of a few seconds", await ran(join(place.folder, "short.yaml"), "--repeat", "2"));
  pages.set("a failed run", await ran("leader-loss", "--variant", "cut", "--defect", "split-brain"));
  pages.set("a run that was broken off", await brokenOff());
  pages.set("a run of 100 nodes", await ran("network-partition", "--variant", "half", "--nodes", "100"));
}, 420_000);

afterAll(async () => {
  await browser?.close();
  await place[Symbol.asyncDispose]();
});

const kinds = ["a run of a few seconds", "a failed run", "a run that was broken off", "a run of 100 nodes"] as const;
const everyLook = kinds.flatMap((kind) =>
  (["light", "dark", "narrow", "print"] as const satisfies readonly Look[]).map((look) => [kind, look] as const),
);

function pageOf(kind: string): string {
  const file = pages.get(kind);
  if (file === undefined) throw new Error(`there is no page of ${kind}`);
  return file;
}

test.each(everyLook)(
  "The page of %s (%s) has no text over another or out of its drawing, is no wider than its window, and loads nothing.",
  async (kind, look) => {
    await using opened = await openPage(browser, pageOf(kind), { look });
    const { page, requests } = opened;
    expect(await page.locator("svg.drawing text").count()).toBeGreaterThan(10);
    expect(await wrongTexts(page)).toEqual([]);
    expect(await tooWidePx(page)).toBe(0);
    expect(requests).toEqual([page.url()]);
  },
);

test.each(everyLook)("Axe has nothing against the page of %s (%s).", async (kind, look) => {
  await using opened = await openPage(browser, pageOf(kind), { look, script: true });
  expect(await violations(opened.page)).toEqual([]);
});

test.each([
  ["a run of a few seconds", "short · only"],
  ["a failed run", "FAIL leader-loss · cut"],
  ["a run that was broken off", "BROKEN OFF leader-loss · kill"],
  ["a run of 100 nodes", "network-partition · half"],
])("The page of %s says what it came to (%s), and is smaller than 300 KB.", async (kind, heading) => {
  await using opened = await openPage(browser, pageOf(kind), { look: "light" });
  expect(await opened.page.locator("h1").textContent()).toContain(heading);
  expect(statSync(pageOf(kind)).size).toBeLessThan(300_000);
});

test("The page of the first run of a series tells of the later ones.", async () => {
  await using opened = await openPage(browser, pageOf("a run of a few seconds"), { look: "light" });
  const { page } = opened;
  const [first, second] = place.runs().filter(({ run }) => run.includes("-short-only-"));
  if (first === undefined || second === undefined) throw new Error("there are no two runs");
  const words = [first, second].map((run) => run.report().status.toUpperCase());
  expect(await page.locator("h1").textContent()).toContain(`${words[0]} short · only`);
  const grid = page.getByRole("region", { name: "Variants and repetitions" });
  const cells = (await grid.locator("tbody td").allTextContents()).map((text) => text.trim());
  expect(cells).toEqual([`${words[0]} this run`, words[1]]);
  expect(await page.getByRole("img", { name: /every repetition against each limit/ }).count()).toBe(1);
});

test("On paper every part is open, without a script.", async () => {
  await using opened = await openPage(browser, pageOf("a failed run"), { look: "print" });
  const closed = opened.page.locator("details:not([open]) > *:not(summary)");
  const count = await closed.count();
  expect(count).toBeGreaterThan(5);
  for (const box of await Promise.all(Array.from({ length: count }, (_, index) => closed.nth(index).boundingBox()))) {
    expect(box?.height).toBeGreaterThan(0);
  }
});

test("By keyboard alone the first stop skips to the decision, and every region that scrolls is reached.", async () => {
  await using opened = await openPage(browser, pageOf("a failed run"), { look: "narrow" });
  const { page } = opened;
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to the decision");
  expect((await page.locator(":focus").boundingBox())?.x).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).hash).toBe("#main");
  const drawn = page.getByRole("region", { name: "The run on one time axis" });
  await drawn.focus();
  const scrolled = (): Promise<number> => drawn.evaluate(({ scrollLeft }) => scrollLeft);
  expect(await scrolled()).toBe(0);
  await page.keyboard.press("ArrowRight");
  await eventually(async () => (await scrolled()) > 0, { limitMs: 5000, what: "the drawing to scroll" });
});

test("A screen reader is told each drawing by its title and a sentence.", async () => {
  await using opened = await openPage(browser, pageOf("a failed run"), { look: "light" });
  const drawing = opened.page.getByRole("img", { name: /The run on one time axis/ });
  expect(await drawing.locator("desc").textContent()).toMatch(/isolate in force from .* until .*two leaders at once/s);
});
