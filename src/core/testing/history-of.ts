import type { Evidenced } from "../check.ts";
import { createHistory } from "../history-columns.ts";
import type { HistoryEvent, OperationKind, Phase } from "../history-event.ts";
import type { History, Outcome } from "../history.ts";
import type { Plan } from "../plan.ts";
import type { Probe } from "../probe.ts";
import type { Cast } from "../selection.ts";
import { everyone } from "./selections.ts";

/** An operation as a test tells it; what is left out is the same for all. `at` is from when to when; null: never answered. */
export interface Told {
  readonly kind: OperationKind;
  readonly at: readonly [number, number | null];
  readonly key?: string;
  readonly value?: string | null;
  readonly expected?: string | null;
  readonly outcome?: Outcome;
  readonly client?: string;
  readonly node?: string;
  readonly leader?: string | null;
  readonly term?: number | null;
}

/** For tests: a history of these operations, numbered in the order of their invocation, and of these other events, all in the order of time. */
export function historyOf(operations: readonly Told[], others: readonly HistoryEvent[] = []): History {
  const invoked = [...operations].sort((left, right) => left.at[0] - right.at[0]);
  const events = [...invoked.flatMap(eventsOfOperation), ...others];
  const rank = ({ type }: HistoryEvent): number => (type === "op.invoked" ? 0 : 1);
  const history = createHistory();
  const sorted = events.sort((left, right) => left.atMs - right.atMs || rank(left) - rank(right));
  for (const event of sorted) history.append(event);
  return history;
}

function eventsOfOperation(told: Told, op: number): readonly HistoryEvent[] {
  const { kind, key = "x", value = null, expected = null, outcome = "ok", client = "c1", node = "n1" } = told;
  const [invokedMs, completedMs] = told.at;
  const written = kind === "read" ? null : value;
  const asked = { op, process: op, client, kind, key, value: written, expected, node };
  const invocation: HistoryEvent = { type: "op.invoked", atMs: invokedMs, ...asked };
  if (completedMs === null) return [invocation];
  const { leader = "n1", term = 1 } = told;
  if (outcome === "ok") return [invocation, { type: "op.ok", atMs: completedMs, op, value, leader, term }];
  const type = outcome === "fail" ? "op.fail" : "op.info";
  return [invocation, { type, atMs: completedMs, op, error: "told so" }];
}

/** For tests: the events of one fault, in force and healed, seen and gone. */
export function faultEvents(part: {
  readonly fault?: string;
  readonly injected: readonly [number, number];
  readonly healed?: readonly [number, number];
  readonly inForce?: number;
  readonly residue?: number;
  readonly seen?: readonly string[];
  readonly unseen?: readonly string[];
  readonly remaining?: readonly string[];
  readonly cast?: Cast;
}): readonly HistoryEvent[] {
  const { fault = "kill", injected, healed, inForce = 1, residue = 0, unseen = [], remaining = [], cast } = part;
  const change = { fault, actions: 1, problems: [] };
  const { seen = unseen.length > 0 ? [] : ["n1 unreachable"] } = part;
  const inForceEvents: readonly HistoryEvent[] = [
    ...(cast === undefined ? [] : [resolvedAt(injected[0], fault, cast)]),
    { type: "fault.injected", atMs: injected[1], startedMs: injected[0], inForce, ...change },
    { type: "fault.observed", atMs: injected[1], fault, seen, unseen, during: "force" },
  ];
  if (healed === undefined) return inForceEvents;
  return [
    ...inForceEvents,
    { type: "fault.healed", atMs: healed[1], startedMs: healed[0], inForce: residue, ...change },
    { type: "fault.observed", atMs: healed[1], fault, seen: remaining, unseen: [], during: "healing" },
  ];
}

function resolvedAt(atMs: number, fault: string, cast: Cast): HistoryEvent {
  return { type: "fault.resolved", atMs, fault, cast, actions: [], signs: [] };
}

/** For tests: the beginning of a phase. */
export function phaseAt(phase: Phase, atMs: number): HistoryEvent {
  return { type: "phase.entered", phase, atMs };
}

/** For tests: a sample of the probe `well`, asked for and answered at once. */
export function sampleAt(atMs: number, isWell = true, node = "n1"): HistoryEvent {
  const error = isWell ? null : "no answer";
  return { type: "probe.sampled", atMs, sentMs: atMs, probe: "health", node, value: {}, error, answered: isWell };
}

const well: Probe = {
  name: "well",
  summary: "Every node answers.",
  operation: "health",
  scope: "everyone",
  holds: (latest, nodes) => nodes.every((node) => latest.get(node)?.error === null),
};

const plan: Plan = {
  version: 1,
  scenario: { name: "s", title: "S", class: "leader_election_failure" },
  variant: { name: "v", title: "V" },
  target: { name: "t", defect: null },
  profile: "quick",
  sizes: { nodes: 1, joiners: 0, warmUpMs: 0, coolDownMs: 0 },
  parameters: {},
  seed: "00000000",
  repetition: 1,
  repetitions: 1,
  seriesSeed: "00000000",
  nodes: ["n1"],
  voters: ["n1"],
  joiners: [],
  links: [],
  cast: {},
  castingOrder: ["n1"],
  phaseMs: 0,
  timeline: [
    {
      kind: "inject",
      id: "kill",
      fault: "kill",
      params: {},
      on: { kind: "nodes", selections: [everyone] },
      forMs: 1000,
      isAwaited: true,
    },
  ],
  steadyState: { probes: ["well"], holdMs: 1000, limitMs: 10_000 },
  workload: {
    name: "register",
    clientsPerNode: 1,
    roamingClients: 0,
    keys: 1,
    thinkMs: 0,
    ratePerSecond: null,
    timeoutMs: 1000,
    mix: { read: 1, write: 0, cas: 0 },
  },
  edits: null,
  blocks: null,
  tasks: null,
  services: {},
  checks: [],
  expectations: [],
  abort: [],
  limits: { faultMs: 600_000, runMs: 3_600_000, nodesShare: 1 },
  needs: { operations: [], capabilities: [] },
  recoveryLimitMs: 10_000,
  source: { file: "scenarios/s.yaml", digest: "0".repeat(64), line: 30, lines: {} },
  digest: "",
};

/**
 * For tests: what checks and measures are handed, with a plan of one fault `kill` and one steady-state probe `well` over one node. Of changed nodes
 * all vote, unless that is changed too.
 */
export function evidenced(
  history: History,
  changed: Partial<Plan> = {},
): Evidenced & { readonly measurements: readonly [] } {
  const voters = changed.nodes ?? plan.voters;
  return { plan: { ...plan, voters, ...changed }, history, probes: { well }, measurements: [] };
}
