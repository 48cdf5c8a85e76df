import { HarnessError } from "../core/harness-error.ts";
import type { Cast } from "../core/selection.ts";
import { until } from "../core/wait.ts";
import { AbortWatch } from "./abort-watch.ts";
import { drawCast, namedLeader } from "./cast.ts";
import { type Played, Player, type Stage } from "./player.ts";
import { StepNotReached } from "./step-not-reached.ts";

/** How often abort conditions are looked at, in ms. */
const lookEveryMs = 100;

/**
 * Plays the steps of a timeline, and heals at the end what is still in force, newest first. A step that the system under test does not come
 * to, and an abort condition that is met, end the timeline and are taken down: what was done until then is judged all the same.
 */
export async function play(stage: Stage): Promise<readonly Played[]> {
  const { plan, recorder, clock } = stage;
  const player = new Player(stage, await castNow(stage));
  const watch = new AbortWatch({
    conditions: plan.abort,
    probes: stage.probes,
    membership: plan,
    startMs: recorder.nowMs(),
  });
  const met = new AbortController();
  const over = new AbortController();
  const end = recorder.listen((event) => watch.feed(event));
  const guard = until(() => watch.look(recorder.nowMs()) !== null, {
    clock,
    signal: AbortSignal.any([over.signal, stage.signal]),
    limitMs: Infinity,
    everyMs: lookEveryMs,
  }).then(
    () => met.abort(new StepNotReached("an abort condition was met")),
    (thrown: unknown) => {
      // It ends with the timeline or with the run; whatever else stops it must not leave the conditions unwatched in silence.
      if (!over.signal.aborted && !stage.signal.aborted) met.abort(thrown);
    },
  );
  try {
    await player.playAll(AbortSignal.any([stage.signal, met.signal]));
  } catch (thrown) {
    if (!(thrown instanceof StepNotReached)) throw thrown;
    if (!met.signal.aborted) recorder.record({ type: "step.missed", reason: thrown.message });
  } finally {
    over.abort();
    end();
    await guard;
  }
  for (const watched of watch.results()) recorder.record({ type: "abort.watched", ...watched });
  stage.traffic.resume();
  await player.healRest();
  return player.played;
}

/** Draws the cast from what the nodes say now; at once where they name a leader, as they do in a steady state. */
async function castNow({ plan, leaders, clock, signal }: Stage): Promise<Cast> {
  let cast: Cast | null = null;
  let problem = "not every node has said who leads";
  const isDrawn = (): boolean => {
    if (!plan.voters.every((node) => leaders.has(node))) return false;
    const drawn = drawCast(plan, namedLeader(leaders));
    if ("problem" in drawn) problem = drawn.problem;
    else cast = drawn.cast;
    return cast !== null;
  };
  await until(isDrawn, { clock, signal, limitMs: plan.steadyState.limitMs });
  if (cast !== null) return cast;
  throw new HarnessError(`the cast could not be chosen when the faults were to begin: ${problem}`, {
    code: "no-cast",
    exit: "inconclusive",
    next: "look at the nodes' logs in the run's folder",
  });
}
