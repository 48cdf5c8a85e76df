import { dayOf } from "../../core/clock.ts";
import type { ExpectedRuns, Release } from "../policy.ts";
import type { Mutant, Mutator, Subject } from "./mutant.ts";
import { firstReport, understood } from "./mutant.ts";

const dayMs = 24 * 3_600_000;

/** What was planned and is not there, waivers that do not hold, and files of other tools that are missing or broken. */
export const policyMutants: Mutator = (subject) => [
  ...expectedMutants(subject),
  ...waiverMutants(subject),
  ...sourceMutants(subject),
];

function withRelease(subject: Subject, part: Partial<Release>): Subject {
  const { judging } = subject;
  const { policy } = judging;
  return { ...subject, judging: { ...judging, policy: { ...policy, release: { ...policy.release, ...part } } } };
}

function expectedMutants(subject: Subject): readonly Mutant[] {
  const [one] = understood(subject).flatMap((each) => (each.kind === "chaos" ? [firstReport(each.content)] : []));
  if (one === undefined || one === null) return [];
  const { plan } = one.report;
  const due: ExpectedRuns = {
    scenario: plan.scenario.name,
    variant: plan.variant.name,
    repetition: plan.repetitions + 1,
    digest: null,
    place: "policy.yaml:1:1",
  };
  const expected = (part: Partial<ExpectedRuns>): Subject => {
    return withRelease(subject, { expected: [...subject.judging.policy.release.expected, { ...due, ...part }] });
  };
  const file = "plan.json";
  const planned = (text: string | null): Subject => ({
    ...subject,
    raw: { ...subject.raw, plan: { file, text, problem: text === null ? "ENOENT" : "" } },
  });
  return [
    { kind: "plan: a repetition was not run", file: due.place, found: "inconclusive", subject: expected({}) },
    {
      kind: "plan: a variant was not run",
      file: due.place,
      found: "inconclusive",
      subject: expected({ variant: "other", repetition: 1 }),
    },
    {
      kind: "plan: a scenario was not run",
      file: due.place,
      found: "inconclusive",
      subject: expected({ scenario: "other", repetition: 1 }),
    },
    {
      kind: "plan: another plan was run",
      file: due.place,
      found: "inconclusive",
      subject: expected({ repetition: plan.repetition, digest: "0".repeat(64) }),
    },
    { kind: "plan: its file is missing", file, found: "inconclusive", subject: planned(null) },
    { kind: "plan: its file is torn", file, found: "unusable", subject: planned('{"plans":[{"plan":') },
    { kind: "plan: its file holds none", file, found: "unusable", subject: planned('{"plans":[]}') },
  ];
}

function waiverMutants(subject: Subject): readonly Mutant[] {
  const { release } = subject.judging.policy;
  const at = (days: number): Subject => {
    const expires = dayOf(subject.judging.nowMs + days * dayMs);
    const waiver = {
      waive: "p2p.connection",
      scenario: "any",
      variant: null,
      reason: "mutant",
      owner: "nobody",
      issue: "0",
      expires,
      place: "policy.yaml:2:1",
    };
    return withRelease(subject, { waivers: [...release.waivers, waiver] });
  };
  return [
    { kind: "waiver: it has expired", file: "policy.yaml:2:1", found: "unusable", subject: at(-1) },
    { kind: "waiver: it holds for too long", file: "policy.yaml:2:1", found: "unusable", subject: at(40) },
  ];
}

/** Each file of another tool that the policy names. */
function sourceMutants(subject: Subject): readonly Mutant[] {
  const { raw } = subject;
  return raw.sources.flatMap(({ raw: one }, at): readonly Mutant[] => {
    const put = (text: string | null, problem: string): Subject => {
      const sources = raw.sources.map((each, index) =>
        index === at ? { ...each, raw: { ...one, text, problem } } : each,
      );
      return { ...subject, raw: { ...raw, sources } };
    };
    const { file, text } = one;
    return [
      { kind: "other tool: its file is missing", file, found: "inconclusive", subject: put(null, "ENOENT") },
      { kind: "other tool: its file is empty", file, found: "unusable", subject: put("", "") },
      {
        kind: "other tool: its file is cut in half",
        file,
        found: "unusable",
        subject: put((text ?? "").slice(0, (text ?? "").length / 2), ""),
      },
      {
        kind: "other tool: its file is of another format",
        file,
        found: "unusable",
        subject: put('{"hello":"world"}', ""),
      },
    ];
  });
}
