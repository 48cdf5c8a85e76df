import type { Finding } from "../core/decision.ts";
import { formatMs } from "../core/duration.ts";
import type { Report } from "../core/report.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import { below, findingAt, type Place, when } from "./place.ts";
import type { Guards } from "./policy.ts";
import { inWords } from "./words.ts";

/** Runs whose passes mean nothing: too little was at risk, or a fault was in force for too short a time, or what was to be asked was not. */
export function guardFindings(chaos: readonly ChaosEvidence[], guards: Guards): readonly Finding[] {
  return chaos.flatMap(({ file, content }) =>
    content.series.flatMap(({ reports }, at) =>
      reports.flatMap((report, index) => {
        const whole: Place = { file, field: "", criteria: [content.class], command: report.run.reproduce };
        const place = below(whole, "series", at, "reports", index);
        return [
          ...riskFindings(report, place, guards),
          ...forceFindings(report, place, guards),
          ...loadFindings(report, place, guards),
        ];
      }),
    ),
  );
}

function riskFindings(
  { traffic, run }: Report,
  place: Place,
  { acknowledgedDuringFaults: least }: Guards,
): readonly Finding[] {
  const acknowledged = traffic.okDuringFaults + (traffic.besideDuringFaults ?? 0);
  return when(acknowledged < least, () =>
    findingAt(below(place, "traffic", "okDuringFaults"), "inconclusive", {
      reason: `of ${run.id} too few operations were acknowledged while a fault was in force: too little was at risk`,
      measured: `${acknowledged} operations`,
      required: `at least ${least}`,
    }),
  );
}

function forceFindings({ faults }: Report, place: Place, { faultInForceMs: least }: Guards): readonly Finding[] {
  return faults.flatMap(({ fault, injectedMs, healStartedMs }, index) => {
    const forMs = (healStartedMs ?? Infinity) - injectedMs;
    return when(forMs < least, () =>
      findingAt(below(place, "faults", index), "inconclusive", {
        reason: `${fault} was in force for too short a time to show anything`,
        measured: formatMs(forMs),
        required: `at least ${formatMs(least)}`,
      }),
    );
  });
}

/** A workload with a rate must have reached it while no fault was in force: else the numbers are those of a lighter load. */
function loadFindings({ plan, measurements, run }: Report, place: Place, { loadShare }: Guards): readonly Finding[] {
  const offered = plan.workload.ratePerSecond;
  const at = measurements.findIndex(({ measure }) => measure === "throughput.rate");
  const rate = measurements[at];
  if (offered === null || loadShare === null) return [];
  const answered = rate?.kind === "measured" ? rate.high : null;
  return when(answered === null || answered < offered * loadShare, () =>
    findingAt(at < 0 ? place : below(place, "measurements", at), "inconclusive", {
      reason: `${run.id} did not ${answered === null ? "show that it reached" : "reach"} the load that its workload offers`,
      measured: answered === null ? inWords(rate) : `${answered.toFixed(1)} a second`,
      required: `at least ${(offered * loadShare).toFixed(1)} a second, ${loadShare * 100} % of what is offered`,
    }),
  );
}
