import type { Outcome } from "./command.ts";
import { checks } from "./checks/index.ts";
import { exitCodes } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { type LimitWay, limitWays } from "./core/limit-way.ts";
import { lazily } from "./core/lazily.ts";
import type { Plan } from "./core/plan.ts";
import type { Target } from "./core/target.ts";
import { sizeOf } from "./core/target-nodes.ts";
import { machineFacts } from "./drivers/machine.ts";
import { exampleOf } from "./engine/example.ts";
import { missingFrom, needs, type Registries } from "./engine/plan.ts";
import { plansOf } from "./engine/request.ts";
import { faults } from "./faults/index.ts";
import { catalogueTargets } from "./harness-catalogue.ts";
import { ProxyFinder } from "./harness-links.ts";
import { askedSeries, type SeriesFlags } from "./harness-series.ts";
import { probes } from "./probes/index.ts";
import { planText } from "./reporters/plan-text.ts";
import { workloads } from "./workloads/index.ts";

// The part of the composition root that says what a run would do, and what its target lacks for it.

/** The registries by which names of files are understood. */
const registries: Registries = { faults, probes, workloads, checks };

/** Shows what `run` would do, what the target lacks for it, and which targets have it. */
export async function planScenarios(
  names: readonly string[],
  flags: SeriesFlags,
  { columns, signal }: { readonly columns: number; readonly signal: AbortSignal },
): Promise<Outcome> {
  const finder = new ProxyFinder(signal);
  const asked = askedSeries(names, flags).flatMap(({ request, proxy }) =>
    plansOf(request).map(async (plan) => ({
      plan,
      tags: request.scenario.tags,
      proxy: await finder.forPlan(proxy, { plan, target: request.target }),
      missing: missingFrom(request.target, plan, registries),
      capabilities: [...needs(plan, registries).capabilities],
      ways: waysOf(request.target, plan),
      files: request.target.files,
      fitting: targetsFor(plan),
      size: sizeOf(request.target, request.nodes, request.scenario.sizes.nodes).reason,
      parameters: request.scenario.parameters,
      example: exampleOf(plan),
    })),
  );
  const planned = await Promise.all(asked);
  const isWhole = planned.every(
    ({ missing, ways, proxy }) => missing.length === 0 && ways.every(({ by }) => by !== null) && "proxy" in proxy,
  );
  return {
    exitCode: isWhole ? exitCodes.pass : exitCodes.unavailable,
    text: planned.map((one) => planText(one, faults, columns)).join("\n\n"),
    json: {
      plans: planned.map(({ plan, tags, proxy, missing, capabilities, ways, fitting }) => ({
        plan,
        tags,
        proxy,
        missing,
        capabilities,
        ways,
        fitting,
      })),
    },
  };
}

/** Refuses a plan that needs what the target does not have. Throws `HarnessError` (exit 69) saying which targets have it. */
export function refuseMissing(target: Target, plan: Plan): void {
  const missing = missingFrom(target, plan, registries);
  if (missing.length === 0) return refuseUnlimited(target, plan);
  const elsewhere = targetsFor(plan);
  const others = elsewhere.length === 0 ? "" : `, another target (${elsewhere.join(", ")})`;
  throw new HarnessError(`target ${target.name} lacks ${missing.join(", ")}`, {
    code: "target-lacks",
    exit: "unavailable",
    next: `choose another variant${others} (\`prism-chaos plan\` shows what each needs), or add it to ${target.file}`,
  });
}

/** Refuses a plan for which this machine permits no means. Throws `HarnessError` (exit 69) saying why. */
function refuseUnlimited(target: Target, plan: Plan): void {
  const reasons = waysOf(target, plan).flatMap(({ by, capability, text }) =>
    by === null ? [`${capability}: ${text}`] : [],
  );
  if (reasons.length === 0) return;
  throw new HarnessError(`this machine does not permit ${reasons.join("; ")}`, {
    code: "machine-lacks",
    exit: "unavailable",
    next: `prism-chaos doctor says what it permits; or name a hook under limits of ${target.file}`,
  });
}

/** How this machine carries out what a plan needs, or why it cannot. */
function waysOf(target: Target, plan: Plan): readonly LimitWay[] {
  return limitWays(needs(plan, registries).capabilities, { target, facts: machineFacts() });
}

const shippedTargets = lazily(catalogueTargets);

/** The targets of the catalogue that have everything which a plan needs. */
function targetsFor(plan: Plan): readonly string[] {
  return shippedTargets()
    .filter((target) => missingFrom(target, plan, registries).length === 0)
    .map(({ name }) => name);
}
