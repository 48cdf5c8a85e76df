import { highIsBetter, type Unit } from "../core/measurement.ts";
import { fewerHits } from "./fisher.ts";
import { holm } from "./holm.ts";
import { rankSum } from "./rank-sum.ts";
import type { Group } from "./sample-set.ts";
import { median, shiftOf } from "./shift.ts";

/** What a comparison is decided by. */
export interface Deciding {
  /** A worsening that chance would bring more often than that, over all comparisons together, is none. */
  readonly alpha: number;
  /** Nor is one by less than this share of the base's median. */
  readonly effect: number;
}

/** What came of one measure. */
export const outcomes = ["worse", "better", "same", "too-few"] as const;
export type ComparedOutcome = (typeof outcomes)[number];

/** One measure of one scenario and variant, in both. Infinity: more than half had not come to an end. */
export interface Compared {
  readonly scenario: string;
  readonly variant: string;
  readonly measure: string;
  readonly unit: Unit;
  readonly base: Side;
  readonly head: Side;
  /** Median difference between head and base (Hodges and Lehmann), in the unit. */
  readonly shift: number;
  /** One-sided, that head is worse, corrected for all comparisons. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** How often a value of head is above one of base, 0 to 1. */
  readonly above: number;
  /** Smaller shifts are none, in the unit. */
  readonly floor: number;
  readonly outcome: ComparedOutcome;
  /** How many runs each side would need for any difference to show; null: there are enough. */
  readonly needed: number | null;
}

interface Side {
  readonly runs: number;
  readonly median: number;
}

/** Groups that were found on one side alone, or that were made in different ways. */
export interface Unlike {
  readonly scenario: string;
  readonly variant: string;
  /** Names of the conditions that differ from what is nearest, with both values; empty: the other side has no such scenario at all. */
  readonly differences: readonly { readonly name: string; readonly base: string; readonly head: string }[];
  readonly missing: "base" | "head" | null;
}

/** What two sets of runs came to. */
export interface Comparison {
  readonly compared: readonly Compared[];
  readonly unlike: readonly Unlike[];
  /** Ids of runs that stand on both sides: held against itself a run differs in nothing. */
  readonly shared: readonly string[];
}

/** Compares head with base, measure by measure. Pure. Conditions that are accepted may differ. */
export function compareGroups(
  { base, head }: { readonly base: readonly Group[]; readonly head: readonly Group[] },
  { accepted, ...deciding }: Deciding & { readonly accepted: readonly string[] },
): Comparison {
  const name = ({ scenario, variant }: Group): string => `${scenario} ${variant}`;
  const names = [...new Set([...base, ...head].map(name))];
  const pairs = names.flatMap((one) => {
    const [left, right] = [base, head].map((groups) => groups.filter((group) => name(group) === one));
    return pairsOf(left ?? [], right ?? [], accepted);
  });
  const alike = pairs.filter(({ unlike }) => unlike === null);
  const idsOf = (group: Group | null): readonly string[] => (group?.samples ?? []).map(({ run }) => run);
  return {
    compared: decided(
      alike.flatMap(({ left, right }) => (left === null || right === null ? [] : comparedMeasures(left, right))),
      deciding,
    ),
    unlike: pairs.flatMap(({ unlike }) => unlike ?? []),
    shared: alike.flatMap(({ left, right }) => idsOf(right).filter((run) => idsOf(left).includes(run))),
  };
}

interface Pair {
  readonly left: Group | null;
  readonly right: Group | null;
  readonly unlike: Unlike | null;
}

/** Each group of head with the group of base that was made in the same way, or with what differs; then what base alone has. */
function pairsOf(base: readonly Group[], head: readonly Group[], accepted: readonly string[]): readonly Pair[] {
  const same = (left: Group, right: Group): boolean => differencesOf(left, right, accepted).length === 0;
  const nearest = (one: Group, others: readonly Group[]): Group | undefined =>
    others.toSorted((a, b) => differencesOf(a, one, accepted).length - differencesOf(b, one, accepted).length)[0];
  const heldAgainst = new Set<Group>();
  const pairs = head.map((right): Pair => {
    const left = base.find((one) => same(one, right)) ?? nearest(right, base);
    if (left === undefined) return alone(right, { missing: "base", differences: [] });
    heldAgainst.add(left);
    const differences = differencesOf(left, right, accepted);
    return differences.length === 0 ? { left, right, unlike: null } : alone(right, { missing: null, differences });
  });
  const left = base.filter((one) => !heldAgainst.has(one) && !head.some((right) => same(one, right)));
  const lost = left.map((one) => {
    const other = nearest(one, head);
    const differences = other === undefined ? [] : differencesOf(one, other, accepted);
    return alone(one, { missing: "head", differences });
  });
  return [...pairs, ...lost];
}

function alone({ scenario, variant }: Group, why: Pick<Unlike, "missing" | "differences">): Pair {
  return { left: null, right: null, unlike: { scenario, variant, ...why } };
}

function differencesOf(base: Group, head: Group, accepted: readonly string[]): Unlike["differences"] {
  const names = [...new Set([...Object.keys(base.conditions), ...Object.keys(head.conditions)])];
  return names
    .filter((name) => !accepted.includes(name) && base.conditions[name] !== head.conditions[name])
    .map((name) => ({ name, base: base.conditions[name] ?? "unknown", head: head.conditions[name] ?? "unknown" }));
}

/** A comparison before it is known how many others there are. */
interface Raw extends Omit<Compared, "outcome" | "needed" | "floor"> {
  readonly resolution: number;
}

function comparedMeasures(base: Group, head: Group): readonly Raw[] {
  const { scenario, variant } = head;
  const measures = Object.entries({ ...base.measures, ...head.measures });
  const values = (group: Group, measure: string): readonly number[] =>
    group.samples.flatMap(({ values: { [measure]: value } }) =>
      value === undefined ? [] : [value === "endless" ? Infinity : value],
    );
  const times = measures.flatMap(([measure, { unit }]): readonly Raw[] => {
    const [left, right] = [values(base, measure), values(head, measure)];
    const found = rankSum(left, right);
    if (found === null) return [];
    const isHigh = highIsBetter.includes(measure);
    const resolution = Math.max(base.measures[measure]?.resolution ?? 0, head.measures[measure]?.resolution ?? 0);
    return [
      {
        scenario,
        variant,
        measure,
        unit,
        base: { runs: left.length, median: median(left) ?? 0 },
        head: { runs: right.length, median: median(right) ?? 0 },
        shift: shiftOf(left, right) ?? 0,
        pWorse: isHigh ? found.lower : found.higher,
        pBetter: isHigh ? found.higher : found.lower,
        above: found.above,
        resolution,
      },
    ];
  });
  return [...times, passed(base, head)];
}

/** How many of the runs passed, as one more measure. */
function passed(base: Group, head: Group): Raw {
  const [left, right] = [base, head].map(({ samples }) => ({
    hits: samples.filter(({ status }) => status === "pass").length,
    of: samples.length,
  }));
  const [one, other] = [left ?? { hits: 0, of: 0 }, right ?? { hits: 0, of: 0 }];
  const share = ({ hits, of }: { hits: number; of: number }): number => hits / of;
  return {
    scenario: head.scenario,
    variant: head.variant,
    measure: "passed",
    unit: "ratio",
    base: { runs: one.of, median: share(one) },
    head: { runs: other.of, median: share(other) },
    shift: share(other) - share(one),
    pWorse: fewerHits(one, other),
    pBetter: fewerHits(other, one),
    above: 0.5 + (share(other) - share(one)) / 2,
    resolution: 0,
  };
}

/** The outcomes: a difference counts if chance would hardly bring it, over all comparisons, and if it is large enough to matter. */
function decided(all: readonly Raw[], { alpha, effect }: Deciding): readonly Compared[] {
  const [worse, better] = [holm(all.map(({ pWorse }) => pWorse)), holm(all.map(({ pBetter }) => pBetter))];
  return all.map(({ resolution, ...one }, index) => {
    const [pWorse, pBetter] = [worse[index] ?? 1, better[index] ?? 1];
    const middle = Number.isFinite(one.base.median) ? Math.abs(one.base.median) : 0;
    const floor = one.unit === "ratio" ? 0 : Math.max(middle * effect, resolution);
    const isLarge = Math.abs(one.shift) > floor || (one.unit === "ratio" && one.shift !== 0);
    const isTooFew = all.length / waysToChoose(one.head.runs, one.base.runs + one.head.runs) > alpha;
    const outcome =
      pWorse <= alpha && isLarge ? "worse" : pBetter <= alpha && isLarge ? "better" : isTooFew ? "too-few" : "same";
    return { ...one, pWorse, pBetter, floor, outcome, needed: isTooFew ? neededRuns(alpha / all.length) : null };
  });
}

/** How many runs each side needs so that the least likely order of all is less likely than that. */
function neededRuns(alpha: number): number {
  let runs = 1;
  while (1 / waysToChoose(runs, 2 * runs) > alpha) runs += 1;
  return runs;
}

/** In how many ways so many of all can be chosen: one over it is the least that chance can come to. */
function waysToChoose(chosen: number, of: number): number {
  return Array.from({ length: chosen }, (_, index) => (of - index) / (index + 1)).reduce((left, one) => left * one, 1);
}
