import type { Decision } from "../core/decision.ts";
import { highIsBetter, worseEnd } from "../core/measurement.ts";
import type { Message } from "../core/post.ts";
import type { Report } from "../core/report.ts";
import { placeUnder } from "./place-under.ts";

/** The base of a measure's name and its factor to Prometheus' base units: seconds, ratios, counts. */
const bases = {
  ms: ["_seconds", 0.001],
  ratio: ["_ratio", 1],
  count: ["", 1],
  "per-second": ["_per_second", 1],
} as const;

const labelNames = ["scenario", "variant", "repetition"] as const;

/** What was measured, in Prometheus' text format, for a Pushgateway. PUT takes the place of what was there, so that it may be sent again. */
export async function pushgatewayMessage(
  { url, token }: { readonly url: string; readonly token: string | null },
  { decision, reports }: { readonly decision: Decision | null; readonly reports: readonly Report[] },
): Promise<Message> {
  // Loaded here: most calls push nothing.
  const { Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  const gauges = new Map<string, InstanceType<typeof Gauge<(typeof labelNames)[number]>>>();
  for (const { name, help, labels, value } of worstOf(reports.flatMap(valuesOf))) {
    const known = gauges.get(name) ?? new Gauge({ name, help, labelNames, registers: [registry] });
    gauges.set(name, known);
    known.set(labels, value);
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
    url: placeUnder(url, "/metrics/job/prism-chaos").href,
    headers: { "content-type": registry.contentType, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: await registry.metrics(),
  };
}

interface Value {
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<(typeof labelNames)[number], string>>;
  readonly value: number;
  readonly isHighBetter: boolean;
}

function valuesOf({ plan, measurements, status }: Report): readonly Value[] {
  const labels = { scenario: plan.scenario.name, variant: plan.variant.name, repetition: String(plan.repetition) };
  const help = "1: the run passed, 0: it failed, or showed nothing.";
  const passed = { name: "prism_chaos_run_passed", help, labels, value: status === "pass" ? 1 : 0, isHighBetter: true };
  const measured = measurements.flatMap((one): readonly Value[] => {
    if (one.kind !== "measured") return [];
    const [ending, factor] = bases[one.unit];
    const name = `prism_chaos_${one.measure.replaceAll(/[^a-z0-9]/gi, "_")}${one.measure.endsWith(".ratio") ? "" : ending}`;
    const told = { name, help: "The worse end of what was measured.", labels };
    return [{ ...told, value: worseEnd(one) * factor, isHighBetter: highIsBetter.includes(one.measure) }];
  });
  return [passed, ...measured];
}

/** Of the same repetition in several attempts the worst: one that was better does not make up for it. */
function worstOf(values: readonly Value[]): readonly Value[] {
  const same = Map.groupBy(values, ({ name, labels }) => JSON.stringify([name, labels]));
  return [...same.values()].map((all) =>
    all.reduce((worst, one) => {
      const isLess = one.value < worst.value;
      return isLess === one.isHighBetter ? one : worst;
    }),
  );
}
