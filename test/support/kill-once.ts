import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../src/core/random.ts";
import type { JournalEntry } from "../../src/keeper/journal.ts";
import { type Call, Workplace } from "./command-line.ts";
import { eventually } from "./eventually.ts";
import { type Written, watchJournal } from "./journal-watch.ts";
import { endProcess, everyProcessOf, keeperOf } from "./processes.ts";
import { listenersOf, residueOf } from "./residue.ts";
import type { RunFolder } from "./run-folder.ts";
import { scenario } from "./schedule.ts";

/** Who may be killed, and when: in which stage of the keeper's work. */
export const victims = ["runner", "keeper", "both"] as const;
export type Victim = (typeof victims)[number];
export const stages = ["spawning", "fsync", "injecting", "healing", "teardown"] as const;
export type Stage = (typeof stages)[number];

/** What a kill came to. */
export interface Killed {
  /** Nothing is left, and what is on disk can be read. */
  readonly isClean: boolean;
  /** Somebody was hit, in the stage that was asked for. */
  readonly isHit: boolean;
  /** The same in words. */
  readonly line: string;
}

/** What is put in force in the run that is killed: processes, links, and whatever this machine permits beside. */
export type Faults = readonly Readonly<Record<string, unknown>>[];

/** Everything has to be gone so long after a kill: the lease, in which the keeper must notice, and as much again to heal. In ms. */
const goneLimitMs = 20_000;
const startLimitMs = 60_000;

/** Starts a short run, kills somebody with -9 in this stage, and looks whether all is healed: by the keeper, or by `heal` where nobody was left. */
export async function killOnce(
  wanted: { readonly victim: Victim; readonly stage: Stage },
  random: Random,
  faults: Faults,
): Promise<Killed> {
  const { victim, stage } = wanted;
  await using place = new Workplace();
  const file = join(place.folder, "short.json");
  writeFileSync(file, JSON.stringify(scenario("short", [...faults, { hold: "100ms" }])));
  const call = place.startRun(file);
  const folder = await place.firstRun();
  const struck = Promise.withResolvers<Struck>();
  const strikeNow = (written: Written | null): void => struck.resolve(strike(victim, { call, folder, written }));
  const isDue = trigger(stage, random);
  let isStruck = false;
  const end = watchJournal(folder, (written) => {
    if (isStruck || !isDue(written, folder)) return;
    isStruck = true;
    const afterMs = stage === "fsync" ? 0 : random.int(0, 4);
    if (afterMs === 0) strikeNow(written);
    else setTimeout(() => strikeNow(written), afterMs);
  });
  try {
    if (stage === "teardown") await atTeardown(folder, random, () => strikeNow(null));
    const hit = await Promise.race([
      struck.promise,
      call.ended.then(() => null),
      delay(startLimitMs, null, { ref: false }),
    ]);
    return await told(wanted, { place, call, folder, hit });
  } finally {
    end();
  }
}

/** Whom a strike hit, and what was there then. */
interface Struck {
  readonly who: readonly string[];
  readonly entries: readonly JournalEntry[];
  readonly listeners: ReadonlySet<string>;
}

interface Striking {
  readonly call: Call;
  readonly folder: RunFolder;
  readonly written: Written | null;
}

/** Kills whom it is meant to hit, if it is there at that moment. */
function strike(victim: Victim, { call, folder, written }: Striking): Struck {
  const keeper = victim === "runner" ? null : keeperOf(folder.run);
  const who: string[] = [];
  if (keeper !== null) {
    endProcess(keeper);
    who.push("keeper");
  }
  if (victim !== "keeper" && call.kill("SIGKILL")) who.push("runner");
  return { who, entries: written?.entries ?? folder.journal(), listeners: listenersOf(folder.run) };
}

/** Tells, at each write of the journal, whether the moment has come. */
function trigger(stage: Stage, random: Random): (written: Written, folder: RunFolder) => boolean {
  const nth = random.int(1, 6);
  const write = random.int(1, 18);
  const count = (entries: readonly JournalEntry[], kind: JournalEntry["entry"]): number =>
    entries.filter(({ entry }) => entry === kind).length;
  return ({ entries, writes }) => {
    switch (stage) {
      case "spawning":
        return count(entries, "spawned") >= nth;
      case "fsync":
        return writes >= write;
      case "injecting":
      case "healing":
        return (
          entries.at(-1)?.entry === stage && (nth % 2 === 0 || count(entries, stage) > 3 || random.fraction() < 0.5)
        );
      case "teardown":
        return false;
    }
  };
}

async function atTeardown(folder: RunFolder, random: Random, act: () => void): Promise<void> {
  const isClosing = (): boolean => folder.says("history.ndjson", '"phase":"closing"');
  await eventually(isClosing, { limitMs: startLimitMs, what: "the end of the run" });
  await delay(random.int(0, 60));
  act();
}

interface Aftermath {
  readonly place: Workplace;
  readonly call: Call;
  readonly folder: RunFolder;
  readonly hit: Struck | null;
}

async function told(
  { victim, stage }: { readonly victim: Victim; readonly stage: Stage },
  { place, call, folder, hit }: Aftermath,
): Promise<Killed> {
  const ended = await call.ended;
  const who = hit?.who ?? [];
  const last = hit?.entries.at(-1)?.entry ?? "nothing";
  const { healedBy, left } = await settle(place, folder, hit?.listeners ?? new Set());
  const history = await readable(place, folder);
  const exit = ended.signal ?? `exit ${ended.exitCode}`;
  const parts = [
    `${stage.padEnd(9)} ${victim.padEnd(6)}`,
    `killed ${who.length === 0 ? "nobody" : who.join(" and ")} after "${last}"`,
    `runner ${exit}`,
    `healed by ${healedBy}`,
    left.length === 0 ? "nothing left" : `LEFT ${left.join(", ")}`,
    history.text,
  ];
  return {
    isClean: left.length === 0 && history.isRead,
    isHit: who.length > 0 && isIn(stage, last),
    line: parts.join(" · "),
  };
}

/** Whether the journal was in that stage when it was struck. */
function isIn(stage: Stage, last: string): boolean {
  if (stage === "spawning") return last === "spawned" || last === "opened";
  if (stage === "injecting" || stage === "healing") return last === stage;
  return stage === "fsync" || last !== "disposed";
}

/** Waits until all is gone; where `status` tells of something left behind, `heal` has to do it. */
async function settle(
  place: Workplace,
  { run }: RunFolder,
  listeners: ReadonlySet<string>,
): Promise<{ readonly healedBy: string; readonly left: readonly string[] }> {
  // With its keeper gone nothing ends by itself any more; with one, it gets its time.
  if (keeperOf(run) !== null) {
    const isGone = (): boolean => everyProcessOf(run).length === 0;
    await eventually(isGone, { limitMs: goneLimitMs, what: "its end" }).catch(() => null);
  }
  const isByItself = (await place.call("status")).exitCode === 0;
  const healed = isByItself ? 0 : (await place.call("heal")).exitCode;
  const again = (await place.call("heal")).exitCode;
  const status = (await place.call("status")).exitCode;
  const said = healed === 0 && again === 0 && status === 0 ? [] : [`heal ${healed}, again ${again}, status ${status}`];
  return { healedBy: isByItself ? "the one that was left" : "`heal`", left: [...residueOf(run, listeners), ...said] };
}

/** Whether what is on disk can be judged: `check` gives 11 for a run that was broken off, and its own verdict for one that was over. */
async function readable(
  place: Workplace,
  folder: RunFolder,
): Promise<{ readonly isRead: boolean; readonly text: string }> {
  if (!folder.has("history.ndjson")) return { isRead: true, text: "no history yet" };
  const { exitCode } = await place.call("check", folder.path);
  const isRead = exitCode === 0 || exitCode === 11;
  return { isRead, text: `${folder.history().length} events read, check ${exitCode}` };
}
