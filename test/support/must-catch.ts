import type { Evidence } from "../../src/core/verdict.ts";

/** A planted defect that a scenario must catch. */
export interface MustCatch {
  readonly defect: string;
  readonly scenario: string;
  readonly variant: string;
  /** The check or expectation that must fail. */
  readonly check: string;
  /** What the evidence must name. */
  readonly named: readonly (keyof Evidence)[];
  /** The defect is that the node does not notice, or does not live to tell: the witness, who asks the node, cannot see the fault either. */
  readonly isHidden: boolean;
}

const hidden = ["no-throttling", "serves-corrupt", "torn-accepted", "silent-tampering"];

type Row = readonly [
  defect: string,
  scenario: string,
  variant: string,
  check: string,
  named: readonly (keyof Evidence)[],
];

/** Every planted defect with the scenario that must catch it: the tests hold each, and docs/track-record.md is made from it. */
export const mustCatch: readonly MustCatch[] = (
  [
    // By acknowledged-writes in 21 of 22 runs, by this in all: which writes are at risk when the leader is cut off is chance.
    ["lost-write", "leader-loss", "cut", "linearizable", ["operations"]],
    ["stale-read", "leader-loss", "cut", "linearizable", ["operations"]],
    ["forgotten-vote", "leader-loss", "revote", "one-leader-per-term", ["operations", "nodes", "terms", "atMs"]],
    ["slow-failover", "leader-loss", "kill", "failover.time < 5s", ["text"]],
    ["split-brain", "leader-loss", "cut", "acknowledged-writes", ["operations"]],
    ["old-leader-stays", "leader-loss", "cut", "old-leader-steps-down", ["text"]],
    ["split-brain", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
    ["minority-accepts", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
    ["lost-write", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
    ["no-converge", "network-partition", "half", "replicas-converge", ["nodes"]],
    ["merge-not-commutative", "network-partition", "half", "replicas-converge", ["nodes"]],
    ["slow-converge", "network-partition", "half", "conflict.resolution < 2s", ["text"]],
    ["slow-join", "network-partition", "half", "p2p.connection < 3s", ["text"]],
    ["slow-recovery", "network-partition", "half", "recovery.time <= 5s", ["text"]],
    ["no-throttling", "resource-exhaustion", "exhausted", "memory-under-limit", ["nodes", "atMs"]],
    ["critical-throttled", "resource-exhaustion", "exhausted", "critical-answered", ["operations"]],
    ["cascade-into-consensus", "cascading-failure", "storage", "services-go-on", ["atMs"]],
    ["queued-dropped", "cascading-failure", "storage", "acknowledged-blocks", ["nodes", "atMs"]],
    ["serves-corrupt", "data-corruption", "bits", "no-corrupt-block", ["nodes", "atMs"]],
    ["never-repairs", "data-corruption", "bits", "corruption-repaired", ["nodes", "atMs"]],
    ["torn-accepted", "data-corruption", "torn", "no-corrupt-block", ["nodes", "atMs"]],
    ["silent-tampering", "data-corruption", "audit", "tampering-reported", ["nodes", "atMs"]],
  ] satisfies readonly Row[]
).map(([defect, scenario, variant, check, named]) => {
  return { defect, scenario, variant, check, named, isHidden: hidden.includes(defect) };
});
