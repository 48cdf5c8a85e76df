import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { freshSeed, randomStream } from "../src/core/random.ts";
import { type Call, Workplace } from "../test/support/command-line.ts";
import { eventually } from "../test/support/eventually.ts";
import { endProcess, everyProcessOf, keeperOf } from "../test/support/processes.ts";
import type { RunFolder } from "../test/support/run-folder.ts";
import { scenario } from "../test/support/schedule.ts";

// kill -9 at random moments of a short run: of the runner, of its keeper, of both. Nothing may be left, if need be after `heal`.

const victims = ["runner", "keeper", "both"] as const;
type Victim = (typeof victims)[number];

/** Everything has to be gone so long after a kill: the lease, in which the keeper must notice, and as much again to heal. In ms. */
const goneLimitMs = 10_000;
/** About as long as the short run takes, in ms: later moments find it at its end. */
const longestMs = 6500;

const { values } = parseArgs({
  options: { times: { type: "string", default: "30" }, seed: { type: "string", default: freshSeed() } },
});
const times = Number(values.times);
const random = randomStream(values.seed, "moments");
console.log(`${times} kills, seed ${values.seed}`);
let bad = 0;
let hits = 0;
for (let turn = 0; turn < times; turn += 1) {
  const victim = victims[turn % victims.length] ?? "both";
  const afterMs = random.int(400, longestMs);
  const { isClean, isHit, line } = await killOnce(victim, afterMs);
  if (!isClean) bad += 1;
  if (isHit) hits += 1;
  console.log(`${String(turn + 1).padStart(3)}  ${victim.padEnd(6)}  ${String(afterMs).padStart(5)} ms  ${line}`);
}
console.log(`${times - bad} of ${times} left nothing and can be read; ${hits} kills hit somebody at work`);
process.exitCode = bad > 0 || hits === 0 ? 1 : 0;

interface Killed {
  readonly isClean: boolean;
  /** False where the run was over already, or had no keeper yet: such a kill shows nothing. */
  readonly isHit: boolean;
  readonly line: string;
}

async function killOnce(victim: Victim, afterMs: number): Promise<Killed> {
  await using place = new Workplace();
  const file = join(place.folder, "short.json");
  const timeline = [
    { inject: "kill", on: "a", for: "1s" },
    { inject: "isolate", on: "b", for: "1s" },
  ];
  writeFileSync(file, JSON.stringify(scenario("short", timeline)));
  const call = place.startRun(file);
  await delay(afterMs);
  const folder = place.runs()[0] ?? null;
  const hit = strike(victim, call, folder);
  const phase = momentOf(folder);
  const ended = await call.ended;
  const exit = `runner ${ended.signal ?? `exit ${ended.exitCode}`}`;
  const { healedBy, left } = await settle(place, folder);
  const history = await readable(place);
  const isClean = left === 0 && history.isRead;
  const who = hit.length === 0 ? "nobody" : hit.join(" and ");
  const parts = [phase, `killed ${who}`, exit, `healed by ${healedBy}`, `${left} processes left`, history.text];
  return { isClean, isHit: hit.length > 0, line: parts.join(" · ") };
}

/** The phase, and the journal's last entry. */
function momentOf(folder: RunFolder | null): string {
  if (folder === null) return "before the run's folder";
  return `${folder.phases().at(-1) ?? "start"} (${folder.journal().at(-1)?.entry ?? "nothing journalled"})`;
}

/** Kills whom it is meant to hit, if it is there at that moment; says whom it hit. */
function strike(victim: Victim, call: Call, folder: RunFolder | null): readonly string[] {
  const keeper = folder === null ? null : keeperOf(folder.run);
  const hit: string[] = [];
  if (victim !== "runner" && keeper !== null) {
    endProcess(keeper);
    hit.push("keeper");
  }
  if (victim !== "keeper" && call.kill("SIGKILL")) hit.push("runner");
  return hit;
}

/** Waits until all is gone; where `status` tells of something left behind, `heal` has to do it. */
async function settle(
  place: Workplace,
  folder: RunFolder | null,
): Promise<{ readonly healedBy: string; readonly left: number }> {
  const run = folder?.run ?? place.runs()[0]?.run ?? null;
  if (run === null) return { healedBy: "nobody, nothing had begun", left: 0 };
  const isGone = (): boolean => everyProcessOf(run).length === 0;
  // With its keeper gone nothing ends by itself any more; with one, it gets its time.
  if (keeperOf(run) !== null) await eventually(isGone, { limitMs: goneLimitMs, what: "its end" }).catch(() => null);
  const status = await place.call("status");
  const byItself = status.exitCode === 0;
  const healed = byItself ? null : await place.call("heal");
  const isSettled = (await place.call("status")).exitCode === 0 && (healed?.exitCode ?? 0) === 0;
  const left = everyProcessOf(run).length;
  return { healedBy: byItself ? "the one that was left" : "`heal`", left: isSettled ? left : Math.max(1, left) };
}

/** Whether what is on disk of the run can be judged: `check` gives 11 for a run that was broken off, and 0 for one that was over. */
async function readable(place: Workplace): Promise<{ readonly isRead: boolean; readonly text: string }> {
  const folder = place.runs()[0];
  if (folder?.has("history.ndjson") !== true) return { isRead: true, text: "no history yet" };
  const { exitCode } = await place.call("check", folder.path);
  const isRead = exitCode === 0 || exitCode === 11;
  return { isRead, text: `history of ${folder.history().length} events, check ${exitCode}` };
}
