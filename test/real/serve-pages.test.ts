import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import type { Report } from "../../src/core/report.ts";
import { faultEvents, historyOf, type Told } from "../../src/core/testing/history-of.ts";
import { htmlReport } from "../../src/reporters/html.ts";
import { brokenOffPage } from "../../src/reporters/html-broken-off.ts";
import {
  type Look,
  openPage,
  startBrowser,
  tooWidePx,
  violations,
  wrongLines,
  wrongTexts,
} from "../support/browser-page.ts";
import { Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { baseReport } from "../support/good-reports.ts";
import { resealed } from "../support/report-folder.ts";
import { hostile, slowRun, unknownRun } from "../support/reported-runs.ts";

// A real browser must be there (scripts/setup-real.sh); without it these tests fail, they are not skipped. No run is started.

const place = new Workplace();
const empty = new Workplace();
let browser: Browser;
const urls = new Map<string, string>();

const writes = Array.from({ length: 60 }, (_, index): Told => {
  return { kind: "write", value: `v${index}`, at: [index * 50, index * 50 + 5] };
});
const history = historyOf(
  writes,
  faultEvents({ injected: [990, 1000], healed: [1990, 2000], cast: { victim: ["n1"] } }),
);

/** A run's folder as `run` leaves it; of no report as one that was broken off. */
function stored(report: Report, { isJudged = true, isAltered = false } = {}): void {
  const { plan, run } = report;
  const folder = join(place.out, run.id);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: object): void => writeFileSync(join(folder, name), JSON.stringify(content));
  const stub = { version: 1, state: isJudged ? "judged" : "broken-off", status: "unknown", run };
  write("plan.json", plan);
  write("run.json", { ...stub, notes: isJudged ? [] : ["n2 did not start: its port was taken by another process"] });
  const next = "prism-chaos heal";
  const broken = { plan, run, reason: "n2 did not start", next, residue: null, history };
  writeFileSync(join(folder, "report.html"), isJudged ? htmlReport(report, history) : brokenOffPage(broken));
  if (isJudged) write("report.json", isAltered ? { ...report, status: "fail" } : report);
}

/** The same run as one of its own. */
function named(report: Report, id: string, index: number): Report {
  const startedAt = new Date(Date.parse(report.run.startedAt) + index * 60_000).toISOString();
  return resealed({
    ...report,
    run: { ...report.run, id, series: id, startedAt, commit: id === "run-103" ? hostile : report.run.commit },
  });
}

async function served(workplace: Workplace): Promise<string> {
  mkdirSync(workplace.out, { recursive: true });
  const call = workplace.start("serve", workplace.out, "--port", "0");
  return eventually(() => /^(http:\S+\/)\n$/.exec(call.said())?.[1] ?? null, { limitMs: 30_000, what: "the URL" });
}

beforeAll(async () => {
  browser = await startBrowser();
  for (let index = 1; index <= 103; index += 1) stored(named(baseReport(), `run-${index}`, index));
  stored(named(slowRun().report, "20261120-141503-leader-loss-kill-1-3f9a", 200));
  stored(named(unknownRun(hostile).report, "unknown", 201));
  stored(named(baseReport(), "broken-off", 202), { isJudged: false });
  stored(named(baseReport(), "altered", 203), { isAltered: true });
  const [url, bare] = await Promise.all([served(place), served(empty)]);
  urls.set("an empty list", bare);
  urls.set("a list of many runs", url);
  urls.set("the last page of a list", `${url}?page=2`);
  urls.set("a list of which nothing is left", `${url}?text=nobody`);
  urls.set("a list narrowed to what was not judged", `${url}?status=unjudged`);
  urls.set("a run", `${url}runs/20261120-141503-leader-loss-kill-1-3f9a/report.html`);
  urls.set("a run that was broken off", `${url}runs/broken-off/report.html`);
  urls.set("two runs", `${url}compare?base=run-1&head=20261120-141503-leader-loss-kill-1-3f9a`);
  urls.set("one run beside itself", `${url}compare?base=unknown&head=unknown`);
  urls.set("two that are not judged", `${url}compare?base=altered&head=broken-off`);
  urls.set("nothing", `${url}nowhere`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await Promise.all([place, empty].map((one) => one[Symbol.asyncDispose]()));
});

function urlOf(kind: string): string {
  const url = urls.get(kind);
  if (url === undefined) throw new Error(`there is no page of ${kind}`);
  return url;
}

const kinds = [
  ["an empty list", "There is no run here yet."],
  ["a list of many runs", "Page 1 of 2"],
  ["the last page of a list", "Page 2 of 2"],
  ["a list of which nothing is left", "No run is left."],
  ["a list narrowed to what was not judged", "not as it was sealed"],
  ["a run", "Run it again"],
  ["a run that was broken off", "BROKEN OFF"],
  ["two runs", "What their series show"],
  ["one run beside itself", "SAME RUNS"],
  ["two that are not judged", "Choose one run as base"],
  ["nothing", "There is no such page"],
] as const;
const everyLook = kinds.flatMap(([kind, says]) =>
  (["light", "dark", "narrow"] as const satisfies readonly Look[]).map((look) => [kind, look, says] as const),
);

test.each(everyLook)(
  "The page of %s (%s) as it is served has nothing that axe is against, no text over another or cut off, and is no wider than its window.",
  async (kind, look, says) => {
    await using opened = await openPage(browser, urlOf(kind), { look, script: true });
    const { page, requests } = opened;
    expect(await page.locator("body").textContent()).toContain(says);
    expect(await violations(page)).toEqual([]);
    expect([await wrongTexts(page), await wrongLines(page)]).toEqual([[], []]);
    expect(await tooWidePx(page)).toBe(0);
    expect(requests.filter((request) => !request.endsWith("/favicon.ico"))).toEqual([urlOf(kind)]);
  },
);

test("By keyboard alone two runs are chosen and compared, and the way back is found.", async () => {
  await using opened = await openPage(browser, urlOf("a list of many runs"), { look: "light" });
  const { page } = opened;
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to the runs");
  const focused = async (selector: string): Promise<boolean> => (await page.locator(`${selector}:focus`).count()) === 1;
  const reach = async (selector: string, mostStops = 30): Promise<void> => {
    for (let stops = 0; !(await focused(selector)); stops += 1) {
      if (stops > mostStops) throw new Error(`${selector} is not among the next ${mostStops} stops`);
      await page.keyboard.press("Tab");
    }
  };
  await reach("select[name=scenario]");
  await reach("input[type=search]");
  await page.keyboard.type("run-10");
  await page.keyboard.press("Enter");
  await page.waitForURL(/text=run-10/);
  await reach("input[name=base]");
  await page.keyboard.press("Space");
  await reach("input[name=head]");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/compare\?base=.*&head=/);
  expect(await page.locator("h1").textContent()).toContain("leader-loss · kill");
  await reach('a[href="/"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(urlOf("a list of many runs"));
});
