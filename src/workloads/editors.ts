import type { Change } from "../core/history-event.ts";
import { type Random, randomStream } from "../core/random.ts";
import { pause } from "../core/wait.ts";
import type { Edit, EditContext } from "../core/workload.ts";

/**
 * Edits shared documents while a fault is in force, open loop: each edit is due at its time whatever became of the one before. Every other one
 * writes the same register of its document, so that both sides of a cut write it; the others add to a set and to a counter, of which nothing
 * acknowledged may be missing afterwards.
 */
export async function runEditors(context: EditContext): Promise<void> {
  const { settings, clock, stop } = context;
  const random = randomStream(context.seed, "edits");
  const underWay: Promise<void>[] = [];
  const everyMs = 1000 / settings.ratePerSecond;
  if (!(await context.mayBegin())) return;
  const startMs = clock.nowMs();
  let turn = random.shuffled(context.nodes);
  for (let number = 0; !stop.aborted; number += 1) {
    await pause(startMs + number * everyMs - clock.nowMs(), stop).catch(() => undefined);
    if (stop.aborted) break;
    if (number % turn.length === 0) turn = random.shuffled(context.nodes);
    underWay.push(context.edit({ node: turn[number % turn.length] ?? "", ...drawn(number, random, context) }));
  }
  await Promise.all(underWay);
}

function drawn(number: number, random: Random, { settings }: EditContext): Omit<Edit, "node"> {
  const document = `document.${random.int(1, settings.documents)}`;
  const { field, change } = changes[number % changes.length]?.(number) ?? written(number);
  return { document, field, change };
}

interface Changed {
  readonly field: string;
  readonly change: Change;
}

const written = (number: number): Changed => ({
  field: "title",
  change: { kind: "register", value: `title#${number}` },
});

/** What edits do, in turn. */
const changes: readonly ((number: number) => Changed)[] = [
  written,
  (number) => ({ field: "tags", change: { kind: "set", add: `tag#${number}` } }),
  written,
  () => ({ field: "views", change: { kind: "counter", add: 1 } }),
];
