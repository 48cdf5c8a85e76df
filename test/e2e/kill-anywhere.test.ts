import { expect, test } from "vitest";
import { randomStream } from "../../src/core/random.ts";
import { machineFaults } from "../support/kill-faults.ts";
import { killOnce, type Stage, stages, type Victim, victims } from "../support/kill-once.ts";

/** One of each stage, by turns of whom: the script kills a hundred times. A moment that was missed shows nothing, and is drawn again. */
const rows = stages.map((stage, index): readonly [Stage, Victim] => [stage, victims[index % victims.length] ?? "both"]);
const mostMisses = 4;

test.each(rows)(
  "kill -9 while %s, of the %s: all is healed, nothing is left, and the history is readable.",
  async (stage, victim) => {
    const random = randomStream("a-few", `${stage} ${victim}`);
    for (let misses = 0; misses <= mostMisses; misses += 1) {
      const killed = await killOnce({ victim, stage }, random, machineFaults());
      // The line says what is left, where something is.
      expect(killed).toMatchObject({ isClean: true });
      if (killed.isHit) return;
    }
    expect.unreachable(`the moment was missed ${mostMisses + 1} times`);
  },
);
