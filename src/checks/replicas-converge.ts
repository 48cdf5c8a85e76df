import type { Check } from "../core/check.ts";
import { joinedIn } from "../core/history.ts";
import { nodesOf } from "../core/membership.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import type { Evidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "replicas-converge";

/**
 * Whether in the end every replica of the documents gives the same digest and has no open conflict: told from the last answer of each node,
 * asked for after the faults were gone and the edits rested.
 */
export const replicasConverge: Check = {
  name,
  guards: "data",
  summary: "In the end every replica of the documents gives the same digest, and none has an open conflict.",
  check: ({ plan, history }) => {
    const edits = [...history.eventsOf("edit.ended")].filter(({ outcome }) => outcome === "ok");
    if (edits.length === 0)
      return unknownVerdict(name, "no edit was acknowledged, so that there was nothing to agree on");
    const quietMs = Math.max(...[...history.eventsOf("edit.ended")].map(({ atMs }) => atMs));
    const healedMs = Math.max(...[...history.eventsOf("fault.healed")].map(({ atMs }) => atMs));
    const last = new Map<string, Sample>();
    for (const sample of history.eventsOf("probe.sampled")) {
      if (sample.probe === "replica" && sample.sentMs >= Math.max(quietMs, healedMs)) last.set(sample.node, sample);
    }
    const nodes = nodesOf("members", plan, new Set(joinedIn(history)));
    const digestOf = (node: string): string | null => {
      const digest = sampleValue(last.get(node), "digest");
      return typeof digest === "string" ? digest : null;
    };
    const silent = nodes.filter((node) => digestOf(node) === null);
    if (silent.length > 0) return unknownVerdict(name, `no replica's digest was told in the end by ${shown(silent)}`);
    const open = nodes.filter((node) => sampleValue(last.get(node), "conflicts") !== 0);
    const groups = Map.groupBy(nodes, (node) => digestOf(node) ?? "");
    if (groups.size > 1 || open.length > 0) return { check: name, status: "fail", evidence: [apart(groups, open)] };
    const digest = [...groups.keys()][0] ?? "";
    const text = `${nodes.length} replicas gave the digest ${digest.slice(0, 16)} and no open conflict, after ${edits.length} acknowledged edits`;
    return { check: name, status: "pass", evidence: [{ text, nodes }] };
  },
};

function apart(groups: ReadonlyMap<string, readonly string[]>, open: readonly string[]): Evidence {
  const sorted = [...groups].sort((left, right) => right[1].length - left[1].length);
  const told = sorted.slice(0, 4).map(([digest, nodes]) => `${digest.slice(0, 8)} on ${shown(nodes)}`);
  const conflicts = open.length === 0 ? "" : `; conflicts are open on ${shown(open)}`;
  return {
    text: `the replicas give ${groups.size} different digests in the end: ${told.join("; ")}${sorted.length > 4 ? "; …" : ""}${conflicts}`,
    nodes: sorted.slice(1).flatMap(([, nodes]) => nodes),
  };
}

function shown(nodes: readonly string[]): string {
  return `${nodes.slice(0, 5).join(", ")}${nodes.length > 5 ? ` and ${nodes.length - 5} more` : ""}`;
}
