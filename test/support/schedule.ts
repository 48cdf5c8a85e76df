import { type Random, randomStream } from "../../src/core/random.ts";

/** A step of a scenario file's timeline. */
type Step = Readonly<Record<string, unknown>>;

/** A scenario made of a seed: its file's content, and its faults in words. */
export interface Schedule {
  readonly scenario: object;
  readonly faults: string;
}

const labels = ["a", "b", "c", "d", "e"] as const;
type Label = (typeof labels)[number];
const modes = ["stall", "blackhole", "refuse", "reset"] as const;
const kinds = ["kill", "pause", "isolate", "partition", "restart"] as const;
/** Fewer than half of five: what is left can always elect and commit. */
const minority = 2;
/** So long may the faults of a schedule take together, in ms: then there is no further one, and holds are as short as they get. */
const budgetMs = 4000;
/** About how long the engine itself waits until a witness has seen a fault, in ms: a hold of its own. */
const seenAfterMs = { kill: 150, pause: 1400, isolate: 400, partition: 400, restart: 150 } as const;
const fewest = 3;
const most = 6;
const shortestMs = 300;
const longestMs = 1200;

/** Draws a schedule of 3 to 6 faults over five nodes, never more than a minority of them hit at once: the same seed, the same schedule. */
export function drawSchedule(seed: string): Schedule {
  const drawing = new Drawing(randomStream(seed, "schedule"));
  const count = drawing.random.int(fewest, most);
  while (drawing.faults.length < fewest || (drawing.faults.length < count && drawing.hasTime())) drawing.next();
  drawing.healAll();
  return { scenario: scenario(seed, drawing.steps), faults: drawing.faults.join(", ") };
}

class Drawing {
  readonly random: Random;
  readonly steps: Step[] = [];
  readonly faults: string[] = [];
  /** Faults in force, with whom they hit. */
  readonly #open = new Map<string, readonly Label[]>();
  #leftMs: number = budgetMs;

  constructor(random: Random) {
    this.random = random;
  }

  hasTime(): boolean {
    return this.#leftMs > 0;
  }

  /** One more fault; before it one in force is healed if no more nodes may be hit, and at random otherwise. */
  next(): void {
    if (this.#hit().length >= minority || this.random.fraction() < 0.4) this.#healOne();
    const drawn = this.#one(kinds);
    // A node that answers nobody cannot say whom it does not hear, so that the witness would wait for it in vain.
    const kind = drawn === "isolate" && this.#open.size > 0 ? "partition" : drawn;
    const [victim, ...others] = this.random.shuffled(labels.filter((label) => !this.#hit().includes(label)));
    if (victim === undefined) return;
    const id = `${kind}-${this.faults.length + 1}`;
    if (kind === "restart") this.#restart(id, victim);
    else if (kind === "kill" || kind === "pause") this.#put(id, { inject: kind, on: victim }, [victim]);
    else if (kind === "isolate") this.#isolate(id, victim);
    else this.#partition(id, victim, others);
    this.#leftMs -= seenAfterMs[kind];
    if (this.random.fraction() < 0.5) this.#hold();
  }

  healAll(): void {
    while (this.#open.size > 0) this.#healOne();
  }

  /** Down, and up again at once. */
  #restart(id: string, victim: Label): void {
    this.steps.push({ inject: "kill", as: id, on: victim, for: `${this.random.int(20, 150)}ms` });
    this.faults.push(`restart ${victim}`);
  }

  #isolate(id: string, victim: Label): void {
    this.#put(id, { inject: "isolate", on: victim, with: { mode: this.#one(modes) } }, [victim]);
  }

  /** One or two nodes on the one side, the others that nothing has hit on the other; sometimes one of those hears both. */
  #partition(id: string, victim: Label, others: readonly Label[]): void {
    const pair = others[0] !== undefined && this.#open.size === 0 && this.random.fraction() < 0.4 ? [others[0]] : [];
    const side = [victim, ...pair];
    const rest = others.slice(pair.length);
    const far = rest.length > 2 && this.random.fraction() < 0.3 ? rest.slice(1) : rest;
    this.#put(id, { inject: "partition", sides: [side, far], with: { mode: this.#one(modes) } }, side);
  }

  #put(id: string, step: Step, hit: readonly Label[]): void {
    this.steps.push({ ...step, as: id });
    this.#open.set(id, hit);
    const { inject, with: params } = step as { inject: string; with?: { mode: string } };
    this.faults.push([inject, hit.join("+"), params?.mode].filter((word) => word !== undefined).join(" "));
  }

  #healOne(): void {
    const [id] = this.random.shuffled([...this.#open.keys()]);
    if (id === undefined) return;
    this.#hold();
    this.steps.push({ heal: id });
    this.#open.delete(id);
  }

  #hold(): void {
    if ("hold" in (this.steps.at(-1) ?? {})) return;
    const ms = this.hasTime() ? this.random.int(shortestMs, longestMs) : shortestMs;
    this.#leftMs -= ms;
    this.steps.push({ hold: `${ms}ms` });
  }

  #hit(): readonly Label[] {
    return [...this.#open.values()].flat();
  }

  #one<T>(items: readonly [T, ...T[]]): T {
    return items[this.random.int(0, items.length - 1)] ?? items[0];
  }
}

/** A scenario file around a timeline. `a` is whoever leads when it begins, the others follow. */
export function scenario(seed: string, timeline: readonly Step[]): object {
  const sizes = { nodes: 5, warmUp: "1s", coolDown: "200ms" };
  const followers = labels.slice(1).map((label) => [label, "follower"]);
  return {
    name: "soak",
    title: `Schedule ${seed}`,
    class: "leader_election_failure",
    profiles: { quick: sizes, full: sizes },
    steadyState: { probes: ["healthy", "one-leader", "all-links"], hold: "300ms", within: "20s" },
    phase: "300ms",
    workload: {
      name: "register",
      clientsPerNode: 2,
      roamingClients: 4,
      keys: 5,
      think: "8ms",
      timeout: "1s",
      mix: { read: 0.5, write: 0.35, cas: 0.15 },
    },
    checks: ["steady-before", "fault-gone", "one-leader-per-term", "acknowledged-writes", "linearizable"],
    expect: ["recovery.time <= 10s"],
    recoverWithin: "15s",
    variants: {
      schedule: { title: "Drawn from the seed", cast: Object.fromEntries([["a", "leader"], ...followers]), timeline },
    },
  };
}
