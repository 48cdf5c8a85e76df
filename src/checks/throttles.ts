import type { Check, Evidenced } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import type { Evidence } from "../core/verdict.ts";
import { type MemorySeen, memorySeen, taskedNodes } from "./pressed-nodes.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "throttles";
/** A node that used this share of its limit and put nothing off does not throttle. */
const fullShare = 0.95;
/** So many nodes are told one by one. */
const toldNodes = 5;

/**
 * Whether every node that was driven to its limit put tasks off (429 or 503), took some all the same, and told by itself that resources are
 * critical (adaptive throttling). Fails for a node that ran full without; unknown for one that was not driven that far.
 */
export const throttles: Check = {
  name,
  summary: "Every node that is driven to its memory limit puts tasks off, and tells that its resources are critical.",
  samples: ["metrics"],
  check: (evidence) => {
    const nodes = taskedNodes(evidence);
    const limited = new Map(memorySeen(evidence).map((seen) => [seen.node, seen]));
    if (limited.size === 0 || nodes.length === 0) {
      return unknownVerdict(name, limited.size === 0 ? "no limit of memory took hold" : "nobody was given tasks");
    }
    const told = nodes.map((node) => toldOf(node, limited.get(node), evidence));
    const [first, ...rest] = told.flatMap(({ wrong }) => wrong ?? []);
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest.slice(0, toldNodes - 1)] };
    const untold = told.flatMap(({ untold: reason }) => reason ?? []);
    const [right, ...others] = told.flatMap(({ right: found }) => found ?? []);
    if (untold.length > 0 || right === undefined) return unknownVerdict(name, untold.slice(0, toldNodes).join("; "));
    return { check: name, status: "pass", evidence: [right, ...others.slice(0, toldNodes - 1)] };
  },
};

interface Told {
  readonly right: Evidence | null;
  readonly wrong: Evidence | null;
  readonly untold: string | null;
}

function toldOf(node: string, seen: MemorySeen | undefined, { history }: Evidenced): Told {
  const none = { right: null, wrong: null, untold: null };
  if (seen === undefined) return { ...none, untold: `the memory of ${node} was not limited` };
  const tasks = [...history.eventsOf("task.ended")].filter((task) => task.node === node && isUnder(task, seen));
  const putOff = tasks.filter(({ outcome, says }) => outcome === "fail" && says === "throttled");
  const [first] = putOff;
  const used = `${Math.round((100 * seen.mostBytes) / seen.limitBytes)} % of its memory`;
  const text = `${node} put ${putOff.length} of ${tasks.length} tasks off; it used at most ${used}`;
  if (first === undefined) {
    const isFull = seen.mostBytes >= fullShare * seen.limitBytes;
    return isFull ? { ...none, wrong: { text, nodes: [node], atMs: [seen.atMs] } } : { ...none, untold: text };
  }
  const notices = [...history.eventsOf("notice.heard")].filter((notice) => notice.node === node);
  if (notices.some(({ notice }) => notice === null)) {
    const silent = `${node} put tasks off from ${first.atMs} ms on, and did not tell that its resources are critical`;
    return { ...none, wrong: { text: silent, nodes: [node], atMs: [first.atMs] } };
  }
  const heard = notices.flatMap(({ notice }) => notice ?? []);
  const noticed = heard.length === 0 ? "" : `, and told ${heard.join(", ")}`;
  return { ...none, right: { text: `${text}${noticed}`, nodes: [node], atMs: [first.atMs] } };
}

function isUnder({ sentMs, atMs }: EventOf<"task.ended">, { fault }: MemorySeen): boolean {
  return sentMs >= fault.fromMs && atMs <= fault.toMs;
}
