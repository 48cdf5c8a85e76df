import { formatMs } from "../../core/duration.ts";
import { bucketsOf } from "./buckets.ts";
import { faultLane } from "./fault-lane.ts";
import { type Lane, stacked } from "./lane.ts";
import { type LatencyLimit, latencyLane } from "./latency-lane.ts";
import { leaderLane } from "./leader-lane.ts";
import { type Leadership, leadershipOf } from "./leadership.ts";
import { atText, folded, region, table } from "./markup.ts";
import { phaseLane } from "./phase-lane.ts";
import { recoveryLane, spansOf } from "./recovery-lane.ts";
import { shownStretch, type Story, tellingStretchMs } from "./story.ts";
import { block, drawing, line } from "./svg.ts";
import { drawnAxis, isShown, timeAxis, type TimeAxis } from "./time-axis.ts";
import { trafficLane } from "./traffic-lane.ts";
import type { Witness } from "./witness.ts";
import { witnessLane } from "./witness-lane.ts";

/** The run on one time axis, close up where it is long and what matters is short, and the same as tables. */
export function timeline(story: Story, witnesses: readonly Witness[]): string {
  const leadership = leadershipOf(story.history);
  const whole = shownStretch(story);
  const leastMs = tellingStretchMs(story);
  const drawn = (id: string, title: string, stretch: typeof whole): string =>
    region(title, lanes({ id, title, axis: timeAxis(stretch, leastMs) }, { story, leadership, witnesses }));
  const close = closeUp(story, whole);
  const closer =
    close === null
      ? ""
      : `<h3>Close up: from the fault to the first recovery</h3>${drawn("close", "The run close up", close)}`;
  return `${drawn("whole", "The run on one time axis", whole)}
${key}
${closer}
${folded("The same in numbers: faults, leaders, traffic", numbers(story, leadership))}`;
}

interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly axis: TimeAxis;
}

function lanes(
  { id, title, axis }: Drawn,
  told: { readonly story: Story; readonly leadership: Leadership; readonly witnesses: readonly Witness[] },
): string {
  const { story, leadership, witnesses } = told;
  const buckets = bucketsOf(story.history, axis);
  const wrong = witnessLane(witnesses, axis);
  const all: readonly Lane[] = [
    phaseLane(story, axis),
    faultLane(story.faults, axis),
    leaderLane(leadership, axis),
    recoveryLane(story, axis),
    ...(wrong === null ? [] : [wrong]),
    latencyLane(buckets, axis, limitsOf(story)),
    trafficLane(buckets, axis),
  ];
  const { svg, bottomPx } = stacked(all, 2);
  const parts = [...shades(story, axis, bottomPx), drawnAxis(axis, bottomPx), svg].join("\n");
  return drawing(id, { title, sentence: sentence(told), heightPx: bottomPx + 28 }, parts);
}

/** What is in force shades all lanes, so that each can be read against it. */
function shades({ faults }: Story, axis: TimeAxis, heightPx: number): readonly string[] {
  return faults.slice(0, 24).flatMap(({ injectedMs, healedMs }) => {
    const [x, end] = [axis.at(injectedMs), axis.at(healedMs ?? axis.toMs)];
    const edges = [injectedMs, healedMs].flatMap((ms) => (ms === null || !isShown(axis, ms) ? [] : [axis.at(ms)]));
    return [
      block("shade", { x, y: 0, width: end - x, height: heightPx }),
      ...edges.map((at) => line("guide", [at, 0], [at, heightPx])),
    ];
  });
}

function limitsOf({ plan }: Story): readonly LatencyLimit[] {
  const asked = plan.expectations
    .filter(({ measure, comparator }) => measure.startsWith("latency.") && comparator.startsWith("<"))
    .map(({ text, limit }) => ({ ms: limit, text }));
  const { timeoutMs } = plan.workload;
  return [...asked, { ms: timeoutMs, text: `clients give up after ${formatMs(timeoutMs)}` }];
}

/** The drawing in a sentence, for whoever does not see it. */
function sentence({ story, leadership, witnesses }: Parameters<typeof lanes>[1]): string {
  const { faults, history } = story;
  const parts = [
    ...faults.map(
      ({ fault, injectedMs, healedMs }) =>
        `${fault} in force from ${atText(injectedMs)}${healedMs === null ? " and never gone" : ` until ${atText(healedMs)}`}`,
    ),
    ...[...history.eventsOf("leader.changed")]
      .slice(0, 8)
      .map(({ leader, term, atMs }) => `${leader} leads term ${term} from ${atText(atMs)}`),
    ...leadership.leaderless
      .slice(0, 8)
      .map(({ fromMs, toMs }) => `no leader acknowledged for ${formatMs(toMs - fromMs)} from ${atText(fromMs)}`),
    ...leadership.doubles
      .slice(0, 4)
      .map(
        ({ old, other, fromMs }) => `two leaders at once, ${old.leader} and ${other.leader}, from ${atText(fromMs)}`,
      ),
    ...spansOf(story).map(({ text }) => text),
    ...(witnesses.length > 0 ? [`${witnesses.length} witnesses of anomalies`] : []),
  ];
  return `${formatMs(history.endMs)} in all. ${parts.join("; ")}. The numbers are in the tables below.`;
}

/** A long run of which only a little matters is drawn once more, from before the first fault until shortly after what was measured from it. */
function closeUp(story: Story, whole: { readonly fromMs: number; readonly toMs: number }): typeof whole | null {
  const first = story.faults[0];
  if (first === undefined) return null;
  const spans = spansOf(story).filter(({ fromMs }) => fromMs >= first.startedMs && fromMs <= first.injectedMs);
  if (spans.length === 0) return null;
  const endMs = Math.max(first.seenMs ?? first.injectedMs, ...spans.map(({ toMs }) => toMs));
  const lengthMs = Math.max(endMs - first.startedMs, 500);
  const close = {
    fromMs: Math.max(whole.fromMs, first.startedMs - lengthMs * 0.3),
    toMs: Math.min(whole.toMs, endMs + lengthMs * 0.5),
  };
  return (close.toMs - close.fromMs) * 6 < whole.toMs - whole.fromMs ? close : null;
}

const key = `<p class="key"><span class="swatch ok"></span> acknowledged <span class="swatch unmatched"></span> compare-and-set refused (most found another value) <span class="swatch info"></span> end unknown <span class="swatch refused"></span> refused <span class="swatch none"></span> nothing acknowledged <span class="swatch band"></span> fault in force.</p>
<p class="key">Latency of what was acknowledged, logarithmic: line median, broken line p95 (where 20 or more were), dots the slowest; a gap is no acknowledgement at all.</p>`;

function numbers(story: Story, leadership: Leadership): string {
  const { faults, history } = story;
  const rows = faults.map(({ fault, cast, startedMs, injectedMs, seenMs, healStartedMs, healedMs }) => [
    fault,
    Object.entries(cast)
      .map(
        ([label, nodes]) =>
          `${label}: ${nodes.slice(0, 12).join(", ")}${nodes.length > 12 ? ` and ${nodes.length - 12} more` : ""}`,
      )
      .join("; "),
    ...[startedMs, injectedMs, seenMs, healStartedMs, healedMs].map(atText),
  ]);
  const reigns = leadership.reigns
    .slice(0, 100)
    .map(({ leader, term, fromMs, toMs }) => [
      `${leader}, term ${term}`,
      atText(fromMs),
      atText(toMs),
      formatMs(toMs - fromMs),
    ]);
  const pauses = leadership.leaderless
    .slice(0, 100)
    .map(({ fromMs, toMs }) => ["no leader acknowledged", atText(fromMs), atText(toMs), formatMs(toMs - fromMs)]);
  const traffic = bucketsOf(history, coarse(story)).map(
    ({ fromMs, ok, unmatched, info, refused, medianMs, p95Ms, worstMs }) => [
      atText(fromMs),
      ...[ok, unmatched, info, refused].map(String),
      ...[medianMs, p95Ms, worstMs].map((ms) => (ms === null ? "none" : `${ms.toFixed(1)} ms`)),
    ],
  );
  return [
    table("Faults", ["Fault", "Cast", "Begun", "In force from", "Seen by a witness", "Heal begun", "Gone from"], rows),
    table("Who acknowledged when", ["Leader", "From", "To", "For"], [...reigns, ...pauses]),
    table(
      "Traffic",
      [
        "From",
        "Acknowledged",
        "Compare-and-set refused",
        "End unknown",
        "Refused",
        "Median",
        "p95 (n ≥ 20)",
        "Slowest",
      ],
      traffic,
    ),
  ].join("\n");
}

/** A table is read, not seen: at most some thirty rows. */
function coarse(story: Story): TimeAxis {
  const { fromMs, toMs } = shownStretch(story);
  const bucketMs =
    [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000].find((ms) => (toMs - fromMs) / ms <= 30) ??
    (toMs - fromMs) / 30;
  return { ...timeAxis({ fromMs, toMs }), bucketMs };
}
