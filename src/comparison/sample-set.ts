import { digest } from "../core/json.ts";
import { type Measurement, type Unit, worseEnd } from "../core/measurement.ts";
import type { Report } from "../core/report.ts";
import type { VerdictStatus } from "../core/verdict.ts";

/** What a run measured, by its worse end: endless is what had not come when waiting ended. What was not measured is left out. */
export interface Sample {
  readonly run: string;
  readonly commit: string | null;
  readonly status: VerdictStatus;
  readonly values: Readonly<Record<string, number | "endless">>;
}

/** The runs of one scenario and variant that were made in the same way. */
export interface Group {
  readonly scenario: string;
  readonly variant: string;
  /** What makes runs alike, each in a word: two groups are compared only if all of it is the same. */
  readonly conditions: Readonly<Record<string, string>>;
  /** The unit of each value, and what it could not be told more finely than, in that unit (the median over the runs). */
  readonly measures: Readonly<Record<string, { readonly unit: Unit; readonly resolution: number }>>;
  readonly samples: readonly Sample[];
}

/** The runs as groups, each run once. Reports of one scenario and variant that were made in different ways are groups of their own. */
export function groupsOf(reports: readonly Report[]): readonly Group[] {
  const once = [...new Map(reports.map((report) => [report.run.id, report])).values()];
  const groups = Map.groupBy(once, (report) =>
    digest([report.plan.scenario.name, report.plan.variant.name, conditionsOf(report)]),
  );
  return [...groups.values()].flatMap((all): readonly Group[] => {
    const [first] = all;
    if (first === undefined) return [];
    const { scenario, variant } = first.plan;
    return [
      {
        scenario: scenario.name,
        variant: variant.name,
        conditions: conditionsOf(first),
        measures: measuresOf(all),
        samples: all.map(({ run, status, measurements }) => ({
          run: run.id,
          commit: run.commit,
          status,
          values: Object.fromEntries(measurements.flatMap((one) => valueOf(one) ?? [])),
        })),
      },
    ];
  });
}

/** What must be the same for two runs to be compared: what was broken and how, on what, under which load, on which kind of machine. */
export function conditionsOf({ plan, run }: Report): Readonly<Record<string, string>> {
  const short = (value: unknown): string => digest(value).slice(0, 12);
  const { sizes, parameters, timeline, workload, edits, blocks, tasks, steadyState } = plan;
  return {
    target: plan.target.name,
    defect: plan.target.defect ?? "none",
    profile: plan.profile,
    nodes: String(plan.nodes.length),
    sizes: JSON.stringify(sizes),
    parameters: JSON.stringify(parameters),
    faults: short(timeline),
    load: short([workload, edits, blocks, tasks]),
    steady: short(steadyState),
    links: run.proxy === null ? "none" : run.proxy.kind,
    platform: run.tool.platform,
    node: run.tool.node.replace(/^v?(\d+)\..*$/, "$1"),
    tool: run.tool.version,
  };
}

function valueOf(one: Measurement): readonly (readonly [string, number | "endless"])[] | null {
  switch (one.kind) {
    case "measured":
      return [[one.measure, worseEnd(one)]];
    case "beyond":
      return [[one.measure, "endless"]];
    case "not-measured":
      return null;
  }
}

/** Only what the scenario expects something of is compared: each further measure would make every difference harder to show. */
function measuresOf(reports: readonly Report[]): Group["measures"] {
  const all = reports.flatMap(({ measurements, plan }) => {
    const due = plan.expectations.map(({ measure }) => measure);
    return measurements.flatMap((one) => (one.kind === "measured" && due.includes(one.measure) ? [one] : []));
  });
  const named = [...Map.groupBy(all, ({ measure }) => measure)];
  return Object.fromEntries(
    named.flatMap(([measure, found]) => {
      const widths = found.map(({ low, high }) => high - low).toSorted((left, right) => left - right);
      const [first] = found;
      return first === undefined ? [] : [[measure, { unit: first.unit, resolution: widths[widths.length >> 1] ?? 0 }]];
    }),
  );
}
