import type { Decision } from "../core/decision.ts";
import type { Message } from "../core/post.ts";
import type { Report } from "../core/report.ts";

/** The base of a measure's name and its factor to Prometheus' base units: seconds, ratios, counts. */
const bases = {
  ms: ["_seconds", 0.001],
  ratio: ["_ratio", 1],
  count: ["", 1],
  "per-second": ["_per_second", 1],
} as const;

/** What was measured, in Prometheus' text format, for a Pushgateway. PUT takes the place of what was there, so that it may be sent again. */
export async function pushgatewayMessage(
  { url, token }: { readonly url: string; readonly token: string | null },
  { decision, reports }: { readonly decision: Decision | null; readonly reports: readonly Report[] },
): Promise<Message> {
  // Loaded here: most calls push nothing.
  const { Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  const labelNames = ["scenario", "variant", "repetition"] as const;
  const gauges = new Map<string, InstanceType<typeof Gauge<(typeof labelNames)[number]>>>();
  const gauge = (name: string, help: string) => {
    const known = gauges.get(name) ?? new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    gauges.set(name, known);
    return known;
  };
  for (const { plan, measurements, status } of reports) {
    const labels = { scenario: plan.scenario.name, variant: plan.variant.name, repetition: String(plan.repetition) };
    gauge("prism_chaos_run_passed", "1: the run passed, 0: it failed, or showed nothing.").set(
      labels,
      status === "pass" ? 1 : 0,
    );
    for (const one of measurements) {
      if (one.kind !== "measured") continue;
      const [ending, factor] = bases[one.unit];
      const name = `prism_chaos_${one.measure.replaceAll(/[^a-z0-9]/gi, "_")}${one.measure.endsWith(".ratio") ? "" : ending}`;
      gauge(name, "The worse end of what was measured.").set(labels, one.high * factor);
    }
  }
  if (decision !== null) {
    new Gauge({
      name: "prism_chaos_gate_readiness_ratio",
      help: "Share of the criteria that are met.",
      registers: [registry],
    }).set(decision.readiness_percentage / 100);
    new Gauge({ name: "prism_chaos_gate_go", help: "1: GO, 0: anything else.", registers: [registry] }).set(
      decision.recommendation === "GO" ? 1 : 0,
    );
  }
  return {
    to: "the Pushgateway",
    method: "PUT",
    url: `${url.replace(/\/+$/, "")}/metrics/job/prism-chaos`,
    headers: { "content-type": registry.contentType, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: await registry.metrics(),
  };
}
