import type { Check, Evidenced } from "../core/check.ts";
import { own } from "../core/own.ts";
import { isService, type Service, services } from "../core/service.ts";
import { type Held, heldFaults } from "../core/under-fault.ts";
import type { Evidence } from "../core/verdict.ts";
import { asksOf } from "./service-asks.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "services-go-on";
/** Fewer requests of a service under a fault show nothing. */
const leastAsks = 5;
/** A service works if at least this share of what was asked of it was answered well; the rest may be time-outs of a busy moment. */
const workingShare = 0.9;

/**
 * Whether every service that does not depend on the failed one went on while that was failed (spec/3-scenarios: cascading-failure). Which depend
 * on which stands in the target file; unknown for a service of which nothing was asked meanwhile.
 */
export const servicesGoOn: Check = {
  name,
  summary: `While a service is failed, every service that does not depend on it answers at least ${workingShare * 100} % of what is asked of it.`,
  samples: ["peers"],
  check: (evidence) => {
    const failures = heldFaults(evidence.plan, evidence.history, "service-failure");
    if (failures.length === 0) return unknownVerdict(name, "no failure of a service took hold");
    const told = failures.flatMap((failure) => toldOf(failure, evidence));
    const [first, ...rest] = told.flatMap(({ stopped }) => stopped ?? []);
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    const missing = told.flatMap(({ missing: reason }) => reason ?? []);
    const [shown, ...others] = told.flatMap(({ working }) => working ?? []);
    if (missing.length > 0 || shown === undefined) {
      return unknownVerdict(name, missing.length > 0 ? missing.join("; ") : "there is no other service");
    }
    return { check: name, status: "pass", evidence: [shown, ...others] };
  },
};

interface Told {
  readonly working: Evidence | null;
  readonly stopped: Evidence | null;
  readonly missing: string | null;
}

function toldOf(failure: Held, evidence: Evidenced): readonly Told[] {
  const { step, span, fromMs, toMs } = failure;
  const failed = step.params["service"];
  const dependents = isService(failed) ? own(evidence.plan.services, failed) : undefined;
  if (dependents === undefined || !isService(failed)) {
    return [
      {
        working: null,
        stopped: null,
        missing: `the target says nothing of what depends on ${JSON.stringify(failed ?? null)}`,
      },
    ];
  }
  const others = services.filter(
    (service) =>
      service !== failed && !dependents.includes(service) && own(evidence.plan.services, service) !== undefined,
  );
  return others.map((service) => judged(service, `${span.fault} (${failed} failed)`, { evidence, fromMs, toMs }));
}

interface Judging {
  readonly evidence: Evidenced;
  readonly fromMs: number;
  readonly toMs: number;
}

function judged(service: Service, fault: string, { evidence, fromMs, toMs }: Judging): Told {
  const { asked, answered } = asksOf(service, evidence, { fromMs, toMs });
  const text = `${fault}: ${service} answered ${answered} of ${asked} requests between ${fromMs} and ${toMs} ms`;
  const none = { working: null, stopped: null, missing: null };
  if (asked < leastAsks) return { ...none, missing: `${text}; ${leastAsks} are needed` };
  const found: Evidence = { text, atMs: [fromMs, toMs] };
  return answered / asked >= workingShare ? { ...none, working: found } : { ...none, stopped: found };
}
