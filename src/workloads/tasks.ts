import { randomStream } from "../core/random.ts";
import { pause } from "../core/wait.ts";
import type { TaskContext } from "../core/workload.ts";

/** Gives tasks while a fault is in force, open loop: each is due at its time whatever became of the one before, the nodes by turns. */
export async function runTasks(context: TaskContext): Promise<void> {
  const { settings, clock, stop, nodes } = context;
  const random = randomStream(context.seed, "tasks");
  const everyMs = 1000 / settings.ratePerSecond;
  const underWay: Promise<void>[] = [];
  if (!(await context.mayBegin())) return;
  const startMs = clock.nowMs();
  let turn = random.shuffled(nodes);
  for (let number = 0; !stop.aborted; number += 1) {
    await pause(startMs + number * everyMs - clock.nowMs(), stop).catch(() => undefined);
    if (stop.aborted) break;
    if (number % turn.length === 0) turn = random.shuffled(nodes);
    underWay.push(context.give(turn[number % turn.length] ?? ""));
  }
  await Promise.all(underWay);
}
