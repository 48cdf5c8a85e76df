import { parseArgs } from "node:util";
import { freshSeed, randomStream } from "../src/core/random.ts";
import { machineFaults } from "../test/support/kill-faults.ts";
import { killOnce, stages, victims } from "../test/support/kill-once.ts";

// kill -9 at seeded moments of a short run: of the runner, of its keeper, of both, in each stage of the keeper's work. Nothing may be left, if
// need be after `heal`. A kill that missed its stage is told and drawn again, so that each stage gets its share.

const { values } = parseArgs({
  options: { times: { type: "string", default: "100" }, seed: { type: "string", default: freshSeed() } },
});
const times = Number(values.times);
const random = randomStream(values.seed, "kills");
const faults = machineFaults();
console.log(`${times} kills, seed ${values.seed}, with ${faults.map(({ inject }) => inject).join(", ")}`);
const hits = new Map(stages.map((stage) => [stage, 0]));
const startMs = performance.now();
let bad = 0;
let missed = 0;
let number = 0;
// Missed moments are told apart and do not count; more of them than kills would show nothing.
while (number < times && missed < times) {
  const stage = stages[number % stages.length] ?? "fsync";
  const victim = victims[Math.floor(number / stages.length) % victims.length] ?? "both";
  const { isClean, isHit, line } = await killOnce({ victim, stage }, random, faults);
  if (!isClean) bad += 1;
  if (isHit) {
    number += 1;
    hits.set(stage, (hits.get(stage) ?? 0) + 1);
  } else missed += 1;
  const at = isHit ? String(number).padStart(4) : "   -";
  console.log(`${at}  ${isClean ? "ok " : "BAD"}  ${line}${isHit ? "" : " · missed its moment"}`);
}
const shares = [...hits].map(([stage, count]) => `${stage} ${count}`).join(", ");
const seconds = Math.round((performance.now() - startMs) / 1000);
console.log(
  `${number - bad} of ${number} left nothing and can be read (${shares}; ${missed} missed, drawn again) in ${seconds} s`,
);
process.exitCode = bad > 0 || number < times ? 1 : 0;
