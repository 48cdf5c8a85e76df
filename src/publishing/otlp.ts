import type { Decision } from "../core/decision.ts";
import { digest } from "../core/json.ts";
import { type Unit, worseEnd } from "../core/measurement.ts";
import type { Message } from "../core/post.ts";
import type { Report } from "../core/report.ts";
import { placeUnder } from "./place-under.ts";

/** OTLP's words for units (UCUM). */
const ucum: Readonly<Record<Unit, string>> = { ms: "ms", ratio: "1", count: "{count}", "per-second": "1/s" };

/** What was measured, as metrics in OTLP over HTTP with JSON: a gauge for each measure, a point for each run at its own end. What was not measured has no point. */
export function otlpMessage(
  { url, token, version }: { readonly url: string; readonly token: string | null; readonly version: string },
  { decision, reports }: { readonly decision: Decision | null; readonly reports: readonly Report[] },
): Message {
  const document = {
    resourceMetrics: [
      {
        resource: { attributes: [attribute("service.name", "prism-chaos")] },
        scopeMetrics: [
          { scope: { name: "prism-chaos", version }, metrics: [...metricsOf(reports), ...decided(decision)] },
        ],
      },
    ],
  };
  return {
    to: "the OTLP collector",
    method: "POST",
    url: placeUnder(url, "/v1/metrics").href,
    headers: {
      "content-type": "application/json",
      "idempotency-key": digest(document),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(document),
  };
}

function metricsOf(reports: readonly Report[]): readonly object[] {
  const points = reports.flatMap((report) =>
    report.measurements.flatMap((one) =>
      one.kind === "measured" ? [{ measure: one.measure, unit: one.unit, point: pointOf(report, worseEnd(one)) }] : [],
    ),
  );
  const measures = [...Map.groupBy(points, ({ measure }) => measure)].map(([measure, all]) => ({
    name: `prism_chaos.${measure}`,
    unit: ucum[all[0]?.unit ?? "count"],
    description: "The worse end of what was measured, per run.",
    gauge: { dataPoints: all.map(({ point }) => point) },
  }));
  const passed = {
    name: "prism_chaos.run.passed",
    unit: "1",
    description: "1: the run passed, 0: it failed, or showed nothing.",
    gauge: { dataPoints: reports.map((report) => pointOf(report, report.status === "pass" ? 1 : 0)) },
  };
  return reports.length === 0 ? [] : [...measures, passed];
}

function pointOf({ plan, run }: Report, value: number): object {
  return {
    timeUnixNano: nanos(run.finishedAt),
    startTimeUnixNano: nanos(run.startedAt),
    asDouble: value,
    attributes: [
      attribute("prism_chaos.scenario", plan.scenario.name),
      attribute("prism_chaos.variant", plan.variant.name),
      attribute("prism_chaos.repetition", String(plan.repetition)),
      attribute("prism_chaos.run", run.id),
      ...(run.commit === null ? [] : [attribute("vcs.ref.head.revision", run.commit)]),
    ],
  };
}

function decided(decision: Decision | null): readonly object[] {
  if (decision === null) return [];
  const point = (value: number): object => ({
    timeUnixNano: nanos(decision.decided_at),
    asDouble: value,
    attributes: [attribute("prism_chaos.recommendation", decision.recommendation)],
  });
  return [
    {
      name: "prism_chaos.gate.readiness",
      unit: "%",
      description: "Share of the criteria that are met.",
      gauge: { dataPoints: [point(decision.readiness_percentage)] },
    },
  ];
}

function attribute(key: string, text: string): object {
  return { key, value: { stringValue: text } };
}

/** Nanoseconds since 1970 as text: JSON numbers do not carry them. */
function nanos(time: string): string {
  return `${BigInt(Date.parse(time)) * 1_000_000n}`;
}
