import type { History } from "../core/history.ts";
import type { Report } from "../core/report.ts";
import { escapeHtml } from "./escape-html.ts";

const width = 1080;
const left = 120;
const right = 20;
const bucketMs = 100;
const heights = { faults: 26, leader: 34, traffic: 90, latency: 110, axis: 30 } as const;

/** One time axis, four lanes: faults, leader and term, operations by how they ended, latency of the acknowledged. Drawn as SVG, told in its description. */
export function timeline(report: Report, history: History): string {
  const scale = (ms: number): number => left + (ms / Math.max(history.endMs, 1)) * (width - left - right);
  const buckets = bucketsOf(history);
  const faultLane = Math.max(1, report.faults.length) * heights.faults;
  const leaderTop = faultLane + 20;
  const trafficTop = leaderTop + heights.leader + 24;
  const latencyTop = trafficTop + heights.traffic + 34;
  const height = latencyTop + heights.latency + heights.axis;
  const parts = [
    bands(report, history, { scale, height: height - heights.axis }),
    leaders(history, { scale, top: leaderTop }),
    traffic(buckets, { scale, top: trafficTop }),
    latency(buckets, { scale, top: latencyTop }),
    axis(history.endMs, { scale, top: height - heights.axis }),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="timeline-title timeline-text">
<title id="timeline-title">The run on one time axis</title>
<desc id="timeline-text">${escapeHtml(description(report, history))}</desc>
${parts.join("\n")}
</svg>`;
}

interface Lane {
  readonly scale: (ms: number) => number;
  readonly top: number;
}

function description(report: Report, history: History): string {
  const faults = report.faults.map(
    ({ fault, injectedMs, healedMs }) =>
      `${fault} in force from ${Math.round(injectedMs)} ms${healedMs === null ? "" : ` until ${Math.round(healedMs)} ms`}`,
  );
  const changes = [...history.eventsOf("leader.changed")].map(
    ({ leader, term, atMs }) => `${leader} leads term ${term} from ${Math.round(atMs)} ms`,
  );
  return `${Math.round(history.endMs)} ms in all. ${[...faults, ...changes].join("; ")}. Times and values are in the tables below.`;
}

function bands(report: Report, history: History, area: Omit<Lane, "top"> & { readonly height: number }): string {
  const lanes = report.faults.map(({ fault, startedMs, injectedMs, healStartedMs, healedMs, observed }, index) => {
    const from = area.scale(startedMs);
    const to = area.scale(healedMs ?? history.endMs);
    const y = index * heights.faults;
    const ticks = [injectedMs, healStartedMs]
      .flatMap((ms) => (ms === null ? [] : [area.scale(ms)]))
      .map(
        (x) =>
          `<line class="edge" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y}" y2="${y + heights.faults - 6}"/>`,
      );
    const label = `${fault}${observed ? "" : " (not seen by a witness)"}`;
    return `<rect class="band" x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${heights.faults - 6}"/>${ticks.join("")}<text x="${(from + 5).toFixed(1)}" y="${y + 15}">${escapeHtml(label)}</text>`;
  });
  const first = report.faults[0];
  const shade =
    first === undefined
      ? ""
      : `<rect class="band" style="opacity:.1" x="${area.scale(first.startedMs).toFixed(1)}" y="0" width="${(area.scale(Math.max(...report.faults.map(({ healedMs }) => healedMs ?? history.endMs))) - area.scale(first.startedMs)).toFixed(1)}" height="${area.height}"/>`;
  return `${shade}<text class="dim" x="0" y="15">faults</text>${lanes.join("")}`;
}

function leaders(history: History, { scale, top }: Lane): string {
  const changes = [...history.eventsOf("leader.changed")];
  const lastAck = new Map<number, number>();
  for (const { term, outcome, completedMs } of history.operations()) {
    if (outcome === "ok" && term !== null) lastAck.set(term, Math.max(lastAck.get(term) ?? 0, completedMs));
  }
  const blocks = changes.map(({ leader, term, atMs }) => {
    const x = scale(atMs);
    const w = Math.max(2, scale(lastAck.get(term) ?? atMs) - x);
    const text =
      w > 60
        ? `<text class="lead-text" x="${(x + 6).toFixed(1)}" y="${top + 19}">${escapeHtml(leader)} · term ${term}</text>`
        : "";
    return `<rect class="lead" x="${x.toFixed(1)}" y="${top}" width="${w.toFixed(1)}" height="28" rx="3"><title>${escapeHtml(leader)} acknowledged in term ${term}</title></rect>${text}`;
  });
  return `<text class="dim" x="0" y="${top + 19}">leader · term</text>${blocks.join("")}`;
}

/** What happened in one stretch of time. */
interface Bucket {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly medianMs: number | null;
  readonly worstMs: number | null;
}

function bucketsOf(history: History): readonly Bucket[] {
  const count = Math.ceil(history.endMs / bucketMs) + 1;
  const latencies = Array.from({ length: count }, (): number[] => []);
  const fails = Array.from({ length: count }, () => 0);
  const infos = Array.from({ length: count }, () => 0);
  for (const { outcome, invokedMs, completedMs } of history.operations()) {
    const at = Math.min(count - 1, Math.floor(Math.min(completedMs, history.endMs) / bucketMs));
    if (outcome === "ok") latencies[at]?.push(completedMs - invokedMs);
    if (outcome === "fail") fails[at] = (fails[at] ?? 0) + 1;
    if (outcome === "info") infos[at] = (infos[at] ?? 0) + 1;
  }
  return latencies.map((values, at) => {
    const sorted = values.sort((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? null;
    return { ok: values.length, fail: fails[at] ?? 0, info: infos[at] ?? 0, medianMs, worstMs: sorted.at(-1) ?? null };
  });
}

function traffic(buckets: readonly Bucket[], { scale, top }: Lane): string {
  const most = Math.max(1, ...buckets.map(({ ok, fail, info }) => ok + fail + info));
  const unit = heights.traffic / most;
  const w = Math.max(1, scale(bucketMs) - scale(0) - 0.5);
  const bars = buckets.map((bucket, at) => {
    let y = top + heights.traffic;
    return (["ok", "info", "bad"] as const).map((kind) => {
      const h = unit * (kind === "bad" ? bucket.fail : bucket[kind]);
      y -= h;
      const x = scale(at * bucketMs);
      return h === 0
        ? ""
        : `<rect class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/>`;
    });
  });
  const legend = `<text class="dim" x="0" y="${top + 14}">operations</text><text class="dim" x="0" y="${top + 30}">per ${bucketMs} ms</text><text class="dim" x="0" y="${top + 46}">most: ${most}</text>`;
  const key = `<text class="dim" x="${left}" y="${top - 6}">from below: acknowledged (green), unknown end (amber), refused (red)</text>`;
  return legend + key + bars.flat().join("");
}

function latency(buckets: readonly Bucket[], { scale, top }: Lane): string {
  const highest = Math.max(10, ...buckets.map(({ worstMs }) => worstMs ?? 0));
  // Logarithmic from 0.1 ms: a failover and a healthy answer are four orders apart.
  const y = (ms: number): number =>
    top + heights.latency - (Math.log10(Math.max(ms, 0.1) * 10) / Math.log10(highest * 10)) * heights.latency;
  const dots = buckets.flatMap(({ medianMs, worstMs }, at) => {
    const x = scale((at + 0.5) * bucketMs).toFixed(1);
    return [medianMs, worstMs].flatMap((ms, which) =>
      ms === null
        ? []
        : [
            `<circle class="${which === 0 ? "ok" : "lead"}" cx="${x}" cy="${y(ms).toFixed(1)}" r="${which === 0 ? 2.2 : 1.6}"/>`,
          ],
    );
  });
  const lines = [1, 10, 100, 1000, 10_000]
    .filter((ms) => ms <= highest)
    .map(
      (ms) =>
        `<line class="axis" x1="${left}" x2="${width - right}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}"/><text class="dim" x="${left - 6}" y="${(y(ms) + 4).toFixed(1)}" text-anchor="end">${ms} ms</text>`,
    );
  const key = `<text class="dim" x="0" y="${top - 6}">latency</text><text class="dim" x="${left}" y="${top - 6}">median (green) and slowest (blue) acknowledged in each ${bucketMs} ms; a gap is no acknowledgement at all</text>`;
  return key + lines.join("") + dots.join("");
}

function axis(endMs: number, { scale, top }: Lane): string {
  const step = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000].find((ms) => endMs / ms <= 15) ?? 300_000;
  const ticks = Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step);
  return ticks
    .map((ms) => {
      const x = scale(ms).toFixed(1);
      return `<line class="axis" x1="${x}" x2="${x}" y1="${top}" y2="${top + 6}"/><text class="dim" x="${x}" y="${top + 20}" text-anchor="middle">${ms / 1000} s</text>`;
    })
    .join("");
}
