import type { Decision } from "../core/decision.ts";
import { digest } from "../core/json.ts";
import type { Message } from "../core/post.ts";
import type { Report } from "../core/report.ts";

/** Where what is published was made; null: not in CI. */
export interface Origin {
  readonly repository: string | null;
  readonly ref: string | null;
  /** The page of the CI run. */
  readonly page: string | null;
  readonly attempt: number | null;
}

/** The decision, and what each run came to, for a dashboard. The same content has the same idempotency key, whenever it is sent. */
export function dashboardMessage(
  { url, token }: { readonly url: string; readonly token: string | null },
  content: {
    readonly decision: Decision;
    readonly reports: readonly Report[];
    /** Why there are no runs; null: they are all there. */
    readonly untold: string | null;
    readonly origin: Origin;
  },
): Message {
  const { decision, reports, untold, origin } = content;
  const document = {
    version: 1,
    kind: "prism-chaos/decision",
    origin,
    decision,
    runs: reports.map(runOf),
    runs_untold: untold,
  };
  return {
    to: "the dashboard",
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      "idempotency-key": digest(document),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(document),
  };
}

function runOf({ run, plan, status, measurements, verdicts }: Report): object {
  return {
    run: run.id,
    scenario: plan.scenario.name,
    class: plan.scenario.class,
    variant: plan.variant.name,
    repetition: plan.repetition,
    repetitions: plan.repetitions,
    attempt: run.attempt,
    commit: run.commit,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    status,
    reproduce: run.reproduce,
    measurements: measurements.map((one) => {
      const { measure, unit, kind } = one;
      if (one.kind === "measured") return { measure, unit, kind, low: one.low, high: one.high };
      return one.kind === "beyond"
        ? { measure, unit, kind, at_least: one.atLeast }
        : { measure, unit, kind, reason: one.reason };
    }),
    verdicts: verdicts.map(({ check, status: said }) => ({ check, status: said })),
  };
}
