import { expect, test } from "vitest";
import type { HistoryEvent } from "../../core/history-event.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { Plan } from "../../core/plan.ts";
import { type Report, reportVersion } from "../../core/report.ts";
import type { History } from "../../core/history.ts";
import { aRun } from "../../core/testing/a-run.ts";
import { evidenced, faultEvents, historyOf, phaseAt, type Told } from "../../core/testing/history-of.ts";
import { brokenOffPage } from "../html-broken-off.ts";
import { htmlReport } from "../html.ts";
import { bucketsOf } from "./buckets.ts";
import { groupsOf, reachOf } from "./cut-links.ts";
import { inRows } from "./label-rows.ts";
import { latencyLane } from "./latency-lane.ts";
import { leaderLane } from "./leader-lane.ts";
import { leadershipOf } from "./leadership.ts";
import { seriesPart, withSeries } from "./series.ts";
import { mostBroken, shownBy } from "./shown.ts";
import { storyOf } from "./story.ts";
import { drawingWidth, letterPx } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";
import { topology } from "./topology.ts";
import { ticksOf, timeAxis } from "./time-axis.ts";

const limit = { text: "failover.time < 5s", measure: "failover.time", comparator: "<", limit: 5000 } as const;
const hostile = `</svg></title><script>alert(1)</script><!-- /series -->"'&\u001b[2J\u0000\u202e\ud800`;

/** Acknowledged writes every `everyMs` from one moment to another, each answered after 5 ms. */
function writes(fromMs: number, toMs: number, by: Partial<Told> = {}, everyMs = 20): readonly Told[] {
  return Array.from({ length: Math.floor((toMs - fromMs) / everyMs) }, (_, index) => {
    const sent = fromMs + index * everyMs;
    return { kind: "write", value: `v${index}`, at: [sent, sent + 5], ...by } as const;
  });
}

function made(history: History, changed: Partial<Report> = {}, plan: Partial<Plan> = {}): Report {
  return {
    seal: "",
    version: reportVersion,
    historyDigest: null,
    run: { ...aRun, finishedAt: aRun.startedAt },
    plan: evidenced(history, { expectations: [limit], ...plan }).plan,
    status: "pass",
    measurements: [],
    verdicts: [],
    traffic: { ok: 0, fail: 0, info: 0, okDuringFaults: 0 },
    faults: [],
    ...changed,
  };
}

const measured = (high: number): Measurement => ({
  kind: "measured",
  measure: "failover.time",
  unit: "ms",
  low: high - 1,
  high,
  resolutionMs: 1,
  samples: 1,
  note: "",
  tracks: [{ subject: "kill", from: [1000, 1010], looks: [[1000 + high, true]], holdMs: 0 }],
});

const nodes = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);
const mesh = (all: readonly string[]) =>
  all.flatMap((from) => all.filter((to) => to !== from).map((to) => ({ from, to })));

function cutBetween(left: readonly string[], right: readonly string[]): HistoryEvent {
  const actions = left.flatMap((one) =>
    right.flatMap((other) => [`cut/link.stall/${one}>${other}`, `cut/link.stall/${other}>${one}`]),
  );
  return { type: "fault.resolved", atMs: 1000, fault: "cut", cast: { left, right }, actions, signs: [] };
}

/** The texts of a drawing, and the box that each takes at most. */
function boxesOf(svg: string) {
  return [...svg.matchAll(/<text x="([^"]*)" y="([^"]*)"(?: text-anchor="([^"]*)")?[^>]*>([^<]*)<\/text>/g)].map(
    ([, x = "", y = "", anchor = "start", escaped = ""]) => {
      const text = escaped.replaceAll(/&(lt|gt|quot|#39|amp);/g, "&");
      const width = textWidth(text, letterPx);
      const shift = { start: 0, middle: width / 2, end: width }[anchor] ?? 0;
      return {
        text,
        left: Number(x) - shift,
        right: Number(x) - shift + width,
        bottom: Number(y),
        top: Number(y) - 11,
      };
    },
  );
}

type Box = ReturnType<typeof boxesOf>[number];

function overlapping(boxes: readonly Box[]): readonly string[] {
  return boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other) => {
      const apart =
        one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
      return apart ? [] : [`${one.text} / ${other.text}`];
    }),
  );
}

/** The drawings of a page, in order. Lanes with places of their own are not shifted back: they are looked at by a browser (test/real). */
const drawingsOf = (page: string): readonly string[] =>
  (page.match(/<svg viewBox.*?<\/svg>/gs) ?? []).map((svg) => svg.replaceAll(/<g transform="translate.*?<\/g>/gs, ""));

/** Elements that are opened and not closed in their turn, or the other way around. */
function misnested(page: string): readonly string[] {
  const empty = new Set(["meta", "br", "path", "line", "rect", "circle"]);
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = "", , self] of page
    .replaceAll(/<!.*?>/gs, "")
    .matchAll(/<(\/?)([a-zA-Z0-9]+)((?:"[^"]*"|[^>"])*?)(\/?)>/g)) {
    if (self === "/" || (close === "" && empty.has(name))) continue;
    if (close === "") open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

test("Where nothing was acknowledged the latency has a gap, no line and no zero.", () => {
  const history = historyOf([...writes(0, 1000), ...writes(2000, 3000)]);
  const axis = timeAxis({ fromMs: 0, toMs: 3000 });
  const buckets = bucketsOf(history, axis);
  const inGap = buckets.filter(({ fromMs }) => fromMs >= 1020 && fromMs < 1980);
  expect(inGap.length).toBeGreaterThan(10);
  expect(new Set(inGap.flatMap(({ medianMs, p95Ms, worstMs }) => [medianMs, p95Ms, worstMs]))).toEqual(new Set([null]));
  const svg = latencyLane(buckets, axis, []).draw(0);
  const path = /class="median" d="([^"]*)"/.exec(svg)?.[1] ?? "";
  const pieces = path
    .split("M")
    .slice(1)
    .map((piece) => [...piece.matchAll(/([\d.]+) [\d.]+/g)].map(([, x]) => Number(x)));
  expect(pieces).toHaveLength(2);
  expect(Math.max(...(pieces[0] ?? []))).toBeLessThan(axis.at(1050));
  expect(Math.min(...(pieces[1] ?? []))).toBeGreaterThan(axis.at(1950));
  expect(svg).toContain("nothing succeeded");
});

test("A stretch with less than 20 acknowledgements has no p95 of its own.", () => {
  const axis = timeAxis({ fromMs: 0, toMs: 16_000 });
  const [few, many] = [19, 20].map((count) => bucketsOf(historyOf(writes(0, count, {}, 1)), axis)[0]);
  expect([few?.p95Ms, many?.p95Ms]).toEqual([null, 5]);
});

test("Operations count by how they ended; a compare-and-set that was refused is not among the refused.", () => {
  const history = historyOf([
    { kind: "write", value: "a", at: [0, 5] },
    { kind: "cas", value: "b", at: [1, 6], outcome: "fail" },
    { kind: "write", value: "c", at: [2, 7], outcome: "fail" },
    { kind: "read", at: [3, 8], outcome: "info" },
    { kind: "read", at: [4, null] },
  ]);
  const [bucket] = bucketsOf(history, timeAxis({ fromMs: 0, toMs: 10_000 }));
  expect(bucket).toMatchObject({ ok: 1, unmatched: 1, refused: 1, info: 2 });
});

test("A stretch without a leader is told with its length.", () => {
  const history = historyOf([...writes(0, 1000), ...writes(1500, 3000, { leader: "n2", term: 2 })]);
  const leadership = leadershipOf(history);
  expect(leadership.reigns.map(({ leader, term }) => [leader, term])).toEqual([
    ["n1", 1],
    ["n2", 2],
  ]);
  expect(leadership.leaderless).toEqual([{ fromMs: 985, toMs: 1505 }]);
  expect(leadership.doubles).toEqual([]);
  expect(leaderLane(leadership, timeAxis({ fromMs: 0, toMs: 3000 })).draw(0)).toContain("none · 520 ms");
});

test("Two who acknowledge at once stand in rows of their own, and it is said in words.", () => {
  const history = historyOf([...writes(0, 2000), ...writes(1000, 3000, { leader: "n2", term: 2 })]);
  const leadership = leadershipOf(history);
  expect(leadership.doubles).toMatchObject([
    { fromMs: 1005, toMs: 1985, old: { leader: "n1" }, other: { leader: "n2" } },
  ]);
  const svg = leaderLane(leadership, timeAxis({ fromMs: 0, toMs: 3000 })).draw(0);
  expect(svg).toContain("two leaders at once for 980 ms: n1 (term 1) beside n2 (term 2)");
  const rows = [...svg.matchAll(/class="lead[^"]*" x="[^"]*" y="([^"]*)"/g)].map(([, y]) => y);
  expect(new Set(rows).size).toBe(2);
});

test.each([
  [1067, "n1 went on saying that it leads term 1, for 67 ms"],
  [1000, "n1 said once more that it leads term 1"],
])("Who says of itself until %s ms that it leads, though another does, is told: %s.", (toMs, words) => {
  const claims = [{ leader: "n1", term: 1, fromMs: 1000, toMs }];
  const told = { pauseMs: 250, reigns: [], leaderless: [], doubles: [], claims };
  expect(leaderLane(told, timeAxis({ fromMs: 0, toMs: 3000 })).draw(0)).toContain(words);
});

test("What was sent before the other led is no second leader, however late it is answered.", () => {
  const late: Told = { kind: "write", value: "late", at: [990, 1100] };
  const history = historyOf([...writes(0, 1000), late, ...writes(1005, 2000, { leader: "n2", term: 2 })]);
  expect(leadershipOf(history).doubles).toEqual([]);
});

test("One term with two leaders is two leaders at once.", () => {
  const history = historyOf([...writes(0, 2000), ...writes(1000, 3000, { leader: "n2", term: 1 })]);
  expect(leadershipOf(history).doubles).toHaveLength(1);
});

test("A node that goes on saying that it leads an earlier term is told.", () => {
  const claim = (atMs: number): HistoryEvent => ({
    type: "probe.sampled",
    atMs,
    sentMs: atMs,
    probe: "leader",
    node: "n1",
    value: { leader: "n1", term: 1 },
    error: null,
    answered: true,
  });
  const history = historyOf(
    [...writes(0, 500), ...writes(500, 2000, { leader: "n2", term: 2 })],
    [100, 800, 1600].map(claim),
  );
  expect(leadershipOf(history).claims).toEqual([{ leader: "n1", term: 1, fromMs: 800, toMs: 1600 }]);
});

test("Labels take as many rows as they need, and none leaves the room or touches another.", () => {
  const labels = [10, 12, 15, 200, 205, 599].map((atPx) => ({ atPx, text: `a label at ${atPx}` }));
  const { placed, rows } = inRows(labels, { fromPx: 0, toPx: 600 });
  expect(placed).toHaveLength(6);
  expect(rows).toBe(3);
  for (const one of placed) {
    expect(one.fromPx).toBeGreaterThanOrEqual(0);
    expect(one.fromPx + one.widthPx).toBeLessThanOrEqual(600);
    const others = placed.filter((other) => other !== one && other.row === one.row);
    expect(
      others.every((other) => other.fromPx + other.widthPx < one.fromPx || one.fromPx + one.widthPx < other.fromPx),
    ).toBe(true);
  }
});

test.each([1, 6000, 60_000, 600_000, 7_200_000])("An axis of %i ms has at most 12 ticks and 160 stretches.", (toMs) => {
  const axis = timeAxis({ fromMs: 0, toMs });
  expect(ticksOf(axis).length).toBeLessThanOrEqual(12);
  expect(toMs / axis.bucketMs).toBeLessThanOrEqual(160);
});

test("A text that does not fit is shortened, and left out where nothing of it would be readable.", () => {
  const room = { widthPx: 60, sizePx: letterPx };
  expect(fitted("short", room)).toBe("short");
  expect(fitted("much too long for this", room)).toMatch(/^much.*…$/);
  expect(fitted("much too long for this", { ...room, widthPx: 8 })).toBe("");
});

/** A run with several faults that come and go close to each other, and everything that can be labelled. */
function crowded(count: number): readonly [Report, History] {
  const all = nodes(count);
  const [left, right] = [all.slice(0, Math.ceil(count / 2)), all.slice(Math.ceil(count / 2))];
  const faults = ["kill", "cut", "slow-link-between-sides", "p4", "p5"].flatMap((fault, index) =>
    faultEvents({
      fault,
      injected: [1000 + index * 7, 1003 + index * 7],
      healed: [2000 + index * 11, 2004 + index * 11],
    }),
  );
  const changes = [2, 3, 4].map((term): HistoryEvent => ({
    type: "leader.changed",
    atMs: 1100 + term,
    leader: `n${term}`,
    term,
  }));
  const history = historyOf(
    [
      ...writes(0, 1000),
      ...writes(1500, 2500, { leader: "n2", term: 2 }),
      ...writes(1600, 6000),
      ...writes(2500, 6000, { leader: "n3", term: 4 }),
    ],
    [
      phaseAt("warm-up", 0),
      phaseAt("faults", 990),
      phaseAt("recovery", 2050),
      cutBetween(left, right),
      ...faults,
      ...changes,
    ],
  );
  const report = made(
    history,
    {
      status: "fail",
      measurements: [measured(600), { ...measured(5100), measure: "recovery.time" }],
      verdicts: [
        {
          check: "linearizable",
          status: "fail",
          evidence: [
            { text: "one", operations: [3] },
            { text: "two", operations: [4] },
          ],
        },
        { check: limit.text, status: "fail", evidence: [{ text: "late", atMs: [1600] }] },
      ],
    },
    { nodes: all, voters: all.slice(0, 5), links: mesh(all) },
  );
  return [report, history];
}

test.each([1, 3, 16, 200])(
  "With %i nodes no text of a drawing covers another or leaves it, and the page stays small.",
  (count) => {
    const [report, history] = crowded(count);
    const page = htmlReport(report, history);
    const drawings = drawingsOf(page);
    expect(drawings.length).toBeGreaterThanOrEqual(3);
    for (const svg of drawings) {
      const boxes = boxesOf(svg);
      expect(overlapping(boxes)).toEqual([]);
      expect(boxes.filter(({ left, right, top }) => left < -0.5 || right > drawingWidth + 0.5 || top < 0)).toEqual([]);
    }
    expect(misnested(page)).toEqual([]);
    expect(page.length).toBeLessThan(300_000);
  },
);

test.each([1, 2, 3, 4])("A hundred nodes in %i groups are drawn without a text over another.", (count) => {
  const all = nodes(100);
  const sides = Array.from({ length: count }, (_, side) => all.filter((__, index) => index % count === side));
  const sideOf = (node: string): number => sides.findIndex((side) => side.includes(node));
  const links = mesh(all);
  const cut = links.filter(({ from, to }) => sideOf(from) !== sideOf(to));
  const resolved: HistoryEvent = {
    type: "fault.resolved",
    atMs: 1000,
    fault: "cut",
    cast: {},
    actions: cut.map(({ from, to }) => `cut/link.stall/${from}>${to}`),
    signs: [],
  };
  const history = historyOf([], [resolved]);
  const svg = drawingsOf(
    topology(storyOf(made(history, {}, { nodes: all, voters: all.slice(0, 5), links }), history)),
  )[0];
  const boxes = boxesOf(svg ?? "");
  expect(boxes.filter(({ text }) => /^\d+ nodes, \d+ votes?$/.test(text))).toHaveLength(count);
  expect(boxes.filter(({ text }) => text === "links cut")).toHaveLength(count - 1);
  expect(overlapping(boxes)).toEqual([]);
  expect(boxes.filter(({ left, right }) => left < 0 || right > drawingWidth)).toEqual([]);
});

test("Of thirty faults as many are drawn as can be told apart, and all stand in the table.", () => {
  const names = Array.from({ length: 30 }, (_, index) => `fault-${index + 1}`);
  const events = names.flatMap((fault, index) =>
    faultEvents({ fault, injected: [100 * index, 100 * index + 5], healed: [100 * index + 50, 100 * index + 60] }),
  );
  const history = historyOf(writes(0, 4000), events);
  const page = htmlReport(made(history), history);
  expect(overlapping(boxesOf(drawingsOf(page)[0] ?? ""))).toEqual([]);
  expect(page).toContain("6 more: table");
  expect(names.filter((name) => !page.includes(`<th scope="row">${name}</th>`))).toEqual([]);
});

test("A run of ten minutes with 120 000 operations makes a page of less than 300 KB.", () => {
  const history = historyOf(
    writes(0, 600_000, {}, 5),
    faultEvents({ injected: [300_000, 300_010], healed: [330_000, 330_010] }),
  );
  expect(htmlReport(made(history), history).length).toBeLessThan(300_000);
});

test.each([
  ["an empty history", historyOf([])],
  ["one operation", historyOf([{ kind: "read", at: [5, 6] }])],
  ["nothing that was answered", historyOf([{ kind: "read", at: [5, null] }])],
  ["a fault that was never healed", historyOf([], faultEvents({ injected: [10, 12] }))],
])("A page of %s is whole and has no number that is none.", (_what, history) => {
  for (const page of [htmlReport(made(history), history), brokenOff(history)]) {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(misnested(page)).toEqual([]);
  }
});

function brokenOff(
  history: History,
  told: { readonly reason?: string; readonly residue?: readonly string[] | null } = {},
): string {
  const { reason = "interrupted", residue = [] } = told;
  return brokenOffPage({ plan: evidenced(history).plan, run: aRun, reason, next: "run it again", residue, history });
}

test("The page of a run that was broken off says why, how far it came, whether it was healed, and what to run; no verdict.", () => {
  const history = historyOf(writes(0, 500), [
    phaseAt("warm-up", 0),
    phaseAt("faults", 300),
    ...faultEvents({ injected: [310, 312] }),
  ]);
  const page = brokenOff(history);
  for (const said of [
    "BROKEN OFF",
    "interrupted",
    "in the phase faults",
    "ends while kill was in force",
    "nothing was left in force",
    aRun.reproduce,
  ]) {
    expect(page).toContain(said);
  }
  expect(page).not.toMatch(/class="badge (pass|fail)"/);
  expect(brokenOff(history, { residue: ["n1 still stalled"] })).toContain("n1 still stalled. Run prism-chaos heal");
  expect(brokenOff(history, { residue: null })).toContain("Nobody looked afterwards");
});

test("What a system under test says is never markup, cannot be seen as a control, and does not end the part of the series.", () => {
  const told = { value: hostile, key: hostile, client: hostile, node: hostile, leader: hostile };
  const events = faultEvents({
    fault: hostile,
    injected: [100, 110],
    healed: [200, 210],
    cast: { [hostile]: [hostile] },
  });
  const changed: HistoryEvent = { type: "leader.changed", atMs: 120, leader: hostile, term: 1 };
  const history = historyOf(writes(0, 1000, told), [...events, changed]);
  const verdicts = [{ check: hostile, status: "fail", evidence: [{ text: hostile, operations: [0] }] }] as const;
  const plan = { nodes: [hostile], voters: [hostile], variant: { name: hostile, title: hostile } };
  const run = { ...aRun, finishedAt: "", reproduce: hostile };
  const report = made(history, { status: "fail", verdicts, run, measurements: [measured(10)] }, plan);
  const part = seriesPart({ reports: [report], planned: 1, here: "r1" });
  for (const page of [htmlReport(report, history), brokenOff(history, { reason: hostile })]) {
    expect(page.replaceAll("\n", "")).not.toMatch(/<script|\p{Cc}|\p{Cf}|\p{Cs}/u);
    expect(misnested(page)).toEqual([]);
  }
  expect(htmlReport(report, history).match(/<!-- \/series -->/g)).toHaveLength(1);
  expect(withSeries(htmlReport(report, history), part)).toBe(htmlReport(report, history));
});

test("Anomalies have a number on the axis, their operations, and a place to go to.", () => {
  const [report, history] = crowded(3);
  const page = htmlReport(report, history);
  expect(page).toContain('href="#w1"');
  expect(page).toContain('id="w1"');
  expect(page).toMatch(/<text[^>]*class="wrong halo">W1<\/text>/);
  expect(page).toMatch(/id="w1".*?Operations of W1.*?c1 on n1.*?write x = &quot;v3&quot;/s);
});

test("Every link of a page leads to a place on it, and no place has its name twice.", () => {
  const [report, history] = crowded(16);
  for (const page of [htmlReport(report, history), brokenOff(history)]) {
    const named = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(named).size).toBe(named.length);
    expect(named).toEqual(expect.arrayContaining([...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)));
  }
});

test("Whatever may be wider than the page scrolls by itself, has a name, and is reached by keyboard.", () => {
  const page = htmlReport(...crowded(16));
  const regions = [...page.matchAll(/<div class="scroll"([^>]*)>/g)].map(([, attributes]) => attributes);
  expect(regions.length).toBeGreaterThan(8);
  const names = regions.map(
    (attributes = "") => /^ role="region" tabindex="0" aria-label="([^"]+)"$/.exec(attributes)?.[1],
  );
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
  expect(page.match(/<table/g)?.length).toBe(page.match(/<div class="scroll"[^>]*><table/g)?.length);
});

test("The decision names the first limit that is broken, what was measured, and by how much.", () => {
  const history = historyOf(writes(0, 100));
  const broken = { check: limit.text, status: "fail", evidence: [{ text: "x" }] } as const;
  const page = htmlReport(
    made(history, { status: "fail", measurements: [measured(6000)], verdicts: [broken] }),
    history,
  );
  expect(page).toContain("failover.time was 6.00 s at worst; required &lt; 5.00 s, over by 20 %.");
});

test("Of a cut the nodes stand in groups that still hear each other; those that are alone are one group.", () => {
  const all = nodes(6);
  const plan = { nodes: all, links: mesh(all) };
  const resolved = cutBetween(["n1", "n2"], ["n3", "n4", "n5", "n6"]);
  if (resolved.type !== "fault.resolved") throw new Error("no fault");
  expect(groupsOf(plan, reachOf(resolved))).toEqual([
    ["n3", "n4", "n5", "n6"],
    ["n1", "n2"],
  ]);
  const apart = { ...resolved, actions: mesh(all).map(({ from, to }) => `cut/link.refuse/${from}>${to}`) };
  expect(groupsOf(plan, reachOf(apart))).toEqual([all]);
});

test("The part of the series is written anew with all runs, in the page that was there before them.", () => {
  const history = historyOf(writes(0, 100));
  const one = made(history, { measurements: [measured(500)] }, { repetitions: 2 });
  const other: Report = {
    ...one,
    status: "fail",
    run: { ...one.run, id: "r2" },
    plan: { ...one.plan, repetition: 2 },
  };
  const first = htmlReport(one, history);
  expect(first).not.toContain("No. 2");
  const page = withSeries(first, seriesPart({ reports: [one, other], planned: 3, here: "r1" })) ?? "";
  expect(page).toContain("No. 2");
  expect(page).toContain("1 of 3 planned runs are not judged");
  expect(page.replace(/<!-- series -->.*<!-- \/series -->/s, "")).toBe(
    first.replace(/<!-- series -->.*<!-- \/series -->/s, ""),
  );
  expect(misnested(page)).toEqual([]);
  expect(withSeries("<p>another page</p>", "")).toBeNull();
});

test("A time stands against its limit as far as it is of it, also one that is close to it.", () => {
  const part = seriesPart({
    reports: [made(historyOf([]), { measurements: [measured(4500)] })],
    planned: 1,
    here: "r1",
  });
  const [, room = ""] = /class="room" x="([\d.]+)"/.exec(part) ?? [];
  const [, dot = ""] = /class="dot[^"]*" cx="([\d.]+)"/.exec(part) ?? [];
  const [, at = ""] = /class="limit" x1="([\d.]+)"/.exec(part) ?? [];
  expect((Number(dot) - Number(room)) / (Number(at) - Number(room))).toBeCloseTo(0.9, 1);
});

test("What had not come to an end is an arrow and is said to be longer than every limit.", () => {
  const beyond: Measurement = { kind: "beyond", measure: "failover.time", unit: "ms", atLeast: 9000, note: "" };
  const report = made(historyOf([]), { status: "fail", measurements: [beyond] });
  const part = seriesPart({ reports: [report], planned: 1, here: "r1" });
  expect(part).toContain("not over: more than 9.00 s");
  expect(part).toContain("it counts as longer than every limit");
});

test.each([
  [5, "at least 54 %", /It does not show a p95: that takes 59 repetitions, a p99 299/],
  [59, "at least 95 %", /^((?!p95).)*$/],
])("%i passes show %s of such runs, and name no percentile that so many do not carry.", (n, share, percentiles) => {
  const said = shownBy(
    "v",
    Array.from({ length: n }, () => made(historyOf([]))),
  ).join(" ");
  expect(said).toContain(share);
  expect(said).toMatch(percentiles);
});

test("Of no run at all nothing is shown.", () => {
  expect(shownBy("v", [])).toEqual(["v: no run was judged, so nothing is shown."]);
});

test.each([
  [1, 5, 0.657],
  [0, 59, 0.0495],
  [3, 3, 1],
])("%i of %i broken allow at most a share of %f, with 95 %% confidence.", (broken, n, share) => {
  expect(mostBroken(broken, n)).toBeCloseTo(share, 3);
});

test("A fault that nobody saw whole is told as such.", () => {
  const history = historyOf(
    writes(0, 3000),
    faultEvents({ injected: [500, 510], healed: [1500, 1510], unseen: ["n1 unreachable"] }),
  );
  expect(storyOf(made(history), history).faults).toMatchObject([{ seenMs: null }]);
  expect(htmlReport(made(history), history)).toContain("never seen whole");
});
