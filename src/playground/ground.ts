import type { Link } from "../core/action.ts";
import { type Clock, wallTime } from "../core/clock.ts";
import { type Fault, type FaultSubjects, hitCount } from "../core/fault.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import type { Keeper } from "../core/keeper-port.ts";
import { machineCores } from "../core/machine-cores.ts";
import { own } from "../core/own.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { FaultInForce, NodeStanding, PlaygroundAnswer, PlaygroundRequest } from "../core/playground.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Target } from "../core/target.ts";
import { until } from "../core/wait.ts";

const askLimitMs = 1000;
/** So long a leader is waited for where one is asked for, in ms. */
const leaderLimitMs = 5000;

/** What a playground works with; the harness hands it in. */
export interface GroundParts {
  readonly keeper: Keeper;
  readonly clock: Clock;
  readonly nodes: readonly string[];
  readonly links: readonly Link[];
  /** The files that the target names. */
  readonly files: Target["files"];
  /** What one fault's draws are made from. */
  readonly seed: () => string;
  readonly faults: Readonly<Record<string, Fault>>;
  readonly call: CallOperation;
  /** Turns texts such as `leader` or `2 followers` into nodes. Throws `HarnessError` (exit 64) for what means nobody. */
  readonly choose: (request: Choice) => FaultSubjects;
  /** Writes a line into the holder's log. */
  readonly tell: (line: string) => void;
  /** Why the target does not allow this fault, or null. */
  readonly refusal: (fault: Fault, params: Inject["params"]) => string | null;
}

/** Whom a fault is to hit, by whom the nodes take for their leader now. */
export interface Choice {
  readonly on: readonly string[];
  readonly sides: readonly (readonly string[])[];
  readonly leader: string | null;
}

type Inject = Extract<PlaygroundRequest, { ask: "inject" }>;

interface Held {
  readonly fault: FaultInForce;
  readonly timer: NodeJS.Timeout | null;
}

/** The faults that are in force by hand, and how the nodes do. */
export class Ground {
  readonly #parts: GroundParts;
  readonly #held = new Map<string, Held>();

  constructor(parts: GroundParts) {
    this.#parts = parts;
  }

  async standing(): Promise<PlaygroundAnswer> {
    const faults = [...this.#held.values()].map(({ fault }) => fault);
    return { kind: "standing", nodes: await this.#nodes(), faults };
  }

  async inject(request: Inject): Promise<PlaygroundAnswer> {
    const { faults, keeper, clock, links, choose, refusal, nodes, files, seed } = this.#parts;
    const fault = own(faults, request.fault);
    if (fault === undefined)
      throw usage(`there is no fault "${request.fault}"${didYouMean(request.fault, Object.keys(faults))}`);
    const isSided = request.sides.length > 0;
    if (fault.takes !== "either" && isSided !== (fault.takes === "sides")) {
      const how = fault.takes === "sides" ? "is between groups: say each by --side" : "hits nodes: say them by --on";
      throw usage(`${request.fault} ${how}`);
    }
    const problems = fault.check(request.params);
    if (problems.length > 0) throw usage(`${request.fault}: ${problems.join("; ")}`);
    const refused = refusal(fault, request.params);
    if (refused !== null) throw usage(refused);
    const id = request.as ?? request.fault;
    if (this.#held.has(id)) throw usage(`"${id}" is in force already; heal it first, or name this one with --as`);
    const leader = await this.#leader([...request.on, ...request.sides.flat()]);
    const subjects = choose({ on: request.on, sides: request.sides, leader });
    refuseTooMany(id, { hit: hitCount(subjects), all: nodes.length, share: request.nodesShare });
    const { actions } = fault.work(request.params, {
      id,
      subjects,
      links,
      order: nodes,
      seed: seed(),
      files,
      cores: machineCores(),
    });
    const startedMs = clock.nowMs();
    const result = await keeper.inject(id, actions);
    const { forMs } = request;
    const held: FaultInForce = { id, fault: request.fault, ...subjects, since: wallTime(), forMs };
    const timer = forMs === null ? null : setTimeout(() => this.#healInTime(id), forMs);
    this.#held.set(id, { fault: held, timer });
    if (actions.length === 0 || result.inForce < result.actions) {
      await this.heal(id);
      const why = result.problems.length === 0 ? "the target did not take it" : result.problems.join("; ");
      throw new HarnessError(
        `${id} did not take hold and was taken back: ${result.inForce} of ${result.actions} actions; ${why}`,
        {
          code: "not-in-force",
          exit: "unavailable",
          next: "prism-chaos ps",
        },
      );
    }
    return { kind: "injected", fault: held, actions: result.actions, tookMs: clock.nowMs() - startedMs };
  }

  /** Takes back one fault, or all (null), newest first. */
  async heal(id: string | null): Promise<PlaygroundAnswer> {
    const known = [...this.#held.keys()];
    if (id !== null && !this.#held.has(id)) throw usage(`no fault "${id}" is in force${didYouMean(id, known)}`);
    const wanted = id === null ? known.reverse() : [id];
    for (const one of wanted) {
      const timer = this.#held.get(one)?.timer ?? null;
      if (timer !== null) clearTimeout(timer);
      const result = await this.#parts.keeper.heal(one);
      if (result.inForce > 0) throw residue(one, result.problems);
      this.#held.delete(one);
    }
    return { kind: "healed", faults: wanted };
  }

  /** Nobody waits for this healing: what goes wrong is written down, and `ps` goes on showing the fault. */
  #healInTime(id: string): void {
    this.heal(id).catch((thrown: unknown) => this.#parts.tell(`${id} was not healed in time: ${messageOf(thrown)}`));
  }

  /** Who leads now; where the words ask for a leader and there is none yet, as just after the start, one is waited for. */
  async #leader(words: readonly string[]): Promise<string | null> {
    let leader = leaderOf(await this.#nodes());
    if (leader !== null || !words.some((word) => /\b(leader|followers?)\b/.test(word))) return leader;
    const isKnown = async (): Promise<boolean> => {
      leader = leaderOf(await this.#nodes());
      return leader !== null;
    };
    const signal = AbortSignal.timeout(leaderLimitMs * 2);
    await until(isKnown, { clock: this.#parts.clock, signal, limitMs: leaderLimitMs, everyMs: 100 });
    return leader;
  }

  #nodes(): Promise<readonly NodeStanding[]> {
    return Promise.all(this.#parts.nodes.map((node) => this.#node(node)));
  }

  async #node(node: string): Promise<NodeStanding> {
    const ask = (operation: string): ReturnType<CallOperation> =>
      this.#parts.call({
        node,
        operation,
        arguments: {},
        timeoutMs: askLimitMs,
        signal: AbortSignal.timeout(askLimitMs),
      });
    const [health, leader] = await Promise.all([ask("health"), ask("leader")]);
    const named = leader.outcome === "ok" ? leader.values["leader"] : null;
    const term = leader.outcome === "ok" ? leader.values["term"] : null;
    return {
      node,
      isHealthy: health.outcome === "ok",
      leader: typeof named === "string" ? named : null,
      term: typeof term === "number" ? term : null,
    };
  }
}

/** Whom the most nodes of the latest term take for their leader, or null. */
function leaderOf(nodes: readonly NodeStanding[]): string | null {
  const latest = Math.max(-1, ...nodes.map(({ term }) => term ?? -1));
  const named = nodes.filter(({ term, leader }) => leader !== null && (term ?? -1) === latest);
  const votes = Map.groupBy(named, ({ leader }) => leader);
  return [...votes].sort((left, right) => right[1].length - left[1].length)[0]?.[0] ?? null;
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next: "prism-chaos inject --help" });
}

function residue(id: string, problems: readonly string[]): HarnessError {
  return new HarnessError(`${id} could not be taken back: ${problems.join("; ") || "it is still read as in force"}`, {
    code: "residue",
    exit: "residue",
    next: "prism-chaos down",
  });
}

/** Refuses to hit more nodes than the repository's defaults allow. */
function refuseTooMany(
  id: string,
  { hit, all, share }: { readonly hit: number; readonly all: number; readonly share: number },
): void {
  const most = Math.floor(share * all);
  if (hit <= most) return;
  throw usage(`${id} would hit ${hit} of ${all} nodes; limits.nodes of prism-chaos.config.yaml allows ${most}`);
}
