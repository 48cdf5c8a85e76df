import { formatMs } from "../../core/duration.ts";
import type { Report } from "../../core/report.ts";
import { repetitionsToShow, shownShare } from "../../core/statistics.ts";

/** What the runs of one variant show, and what they do not: sentences that promise no more than so few repetitions carry. */
export function shownBy(variant: string, reports: readonly Report[]): readonly string[] {
  const n = reports.length;
  if (n === 0) return [`${variant}: no run was judged, so nothing is shown.`];
  const passed = reports.filter(({ status }) => status === "pass").length;
  const broken = reports.filter(({ status }) => status === "fail").length;
  return [
    `${variant}: ${passed} of ${n} ${n === 1 ? "run" : "runs"} passed.`,
    ...(passed === n ? held(n) : notHeld({ n, broken })),
    ...beyond(reports),
  ];
}

function held(n: number): readonly string[] {
  const share = Math.floor(shownShare(n) * 100);
  const p95 = repetitionsToShow(0.95);
  const named =
    n >= p95 ? "" : ` It does not show a p95: that takes ${p95} repetitions, a p99 ${repetitionsToShow(0.99)}.`;
  return [`That shows, with 95 % confidence, that at least ${share} % of such runs pass.${named}`];
}

function notHeld({ n, broken }: { readonly n: number; readonly broken: number }): readonly string[] {
  if (broken === 0)
    return [
      `Nothing is broken, and nothing is shown by the others either: ${n === 1 ? "it was" : "some were"} inconclusive.`,
    ];
  const saw = `${broken} of ${n} broke a limit or a check.`;
  if (broken === n) return [`${saw} How many of all such runs do cannot be told from that; one that does is enough.`];
  const share = Math.ceil(mostBroken(broken, n) * 100);
  return [
    `${saw} That is ${Math.round((broken / n) * 100)} %, and with 95 % confidence at most ${share} % of all such runs.`,
  ];
}

/** What was waited for in vain is a breach, greater than every number; it is never left out. */
function beyond(reports: readonly Report[]): readonly string[] {
  return reports.flatMap(({ plan, measurements }) =>
    measurements.flatMap((one) =>
      one.kind === "beyond" && plan.expectations.some(({ measure }) => measure === one.measure)
        ? [
            `Repetition ${plan.repetition}: ${one.measure} had not come to an end after ${formatMs(one.atLeast)}; it counts as longer than every limit, not as that number.`,
          ]
        : [],
    ),
  );
}

/** The greatest share (0 to 1) of broken runs that n with so many broken still allow, with 95 % confidence: Clopper and Pearson's upper end. */
export function mostBroken(broken: number, n: number): number {
  if (broken >= n) return 1;
  let [low, high] = [broken / n, 1];
  for (let round = 0; round < 50; round += 1) {
    const middle = (low + high) / 2;
    if (atMost(broken, { n, share: middle }) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance of at most so many out of n. Term by term, each from the one before. */
function atMost(most: number, { n, share }: { readonly n: number; readonly share: number }): number {
  let term = (1 - share) ** n;
  let sum = term;
  for (let k = 1; k <= most; k += 1) {
    term *= ((n - k + 1) / k) * (share / (1 - share));
    sum += term;
  }
  return sum;
}
