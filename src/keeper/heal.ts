import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Action } from "../core/action.ts";
import { systemClock } from "../core/clock.ts";
import { messageOf } from "../core/harness-error.ts";
import type { MachineTraces } from "../core/machine-traces.ts";
import type { ProcessTable } from "../core/owned-target.ts";
import { until } from "../core/wait.ts";
import { type Injection, Journal, type JournalEntry, openInjections, readJournal } from "./journal.ts";
import type { OpenRuns, RunStanding } from "./open-runs.ts";

/** What healing one run came to. */
export interface Healing {
  readonly run: string;
  readonly folder: string;
  /** Actions that the journal had open, and processes that were ended. */
  readonly actions: number;
  readonly processes: number;
  /** What is still there; empty when all is healed. */
  readonly residue: readonly string[];
}

/** What healing works with; the harness hands it in. */
export interface HealParts {
  readonly processes: ProcessTable;
  readonly openRuns: OpenRuns;
  readonly traces: MachineTraces;
  /** Removes what a run made on a proxy that is not ours. */
  readonly removeForeignProxies: (url: string, run: string, signal: AbortSignal) => Promise<void>;
  /** Removes the run's container, where one was started. */
  readonly removeContainer: (run: string) => Promise<void>;
  /** Takes actions back from a target that ran before and goes on, by its file; gives those that are in force all the same. */
  readonly restoreForeign: (
    targetFile: string,
    actions: readonly Action[],
    signal: AbortSignal,
  ) => Promise<readonly Action[]>;
  /** Takes back by their own commands what programs of the scenario did on this machine; gives those that are in force all the same. */
  readonly undoCommands: (run: string, left: readonly Injection[], signal: AbortSignal) => Promise<readonly Action[]>;
}

const limitMs = 10_000;

/**
 * Heals a run that nobody looks after any more, from its journal and by its tag alone: what it made on a proxy of others is removed, every
 * process that carries its tag is ended (a stopped one too), its cgroups, mounts and nodes' data are removed, and all of that is read back. As
 * often as wanted.
 */
export async function healRun(standing: RunStanding, parts: HealParts): Promise<Healing> {
  const { run, folder } = standing;
  const copy = parts.openRuns.journalCopy(run);
  const entries = readJournal(folder, copy);
  const signal = AbortSignal.timeout(limitMs);
  const found = parts.processes.tagged(run);
  for (const process of found) parts.processes.kill(process);
  const isGone = (): boolean => parts.processes.tagged(run).length === 0;
  await until(isGone, { clock: systemClock, signal, limitMs: limitMs / 2 });
  const problems: string[] = [];
  for (const entry of entries) {
    if (entry.entry !== "opened" || entry.foreignProxy === null) continue;
    await parts.removeForeignProxies(entry.foreignProxy, run, signal).catch((thrown: unknown) => {
      problems.push(`links on ${entry.foreignProxy}: ${String(thrown)}`);
    });
  }
  if (entries.some(({ entry }) => entry === "contained")) {
    await parts.removeContainer(run).catch((thrown: unknown) => problems.push(`its container: ${messageOf(thrown)}`));
  }
  const open = openInjections(entries);
  problems.push(...(await restored(entries, parts, signal)), ...(await commandsUndone(run, { open, parts, signal })));
  // What would not go in time is found, and told as residue.
  await parts.traces.clear(run, signal).catch(() => undefined);
  const left = parts.processes.tagged(run).map(({ pid, command }) => `process ${pid}: ${command}`);
  const traces = parts.traces.find(run).map(({ what }) => what);
  const residue = [...left, ...traces, ...problems];
  if (entries.length > 0) {
    if (folder !== "") rmSync(join(folder, "data"), { recursive: true, force: true });
    record(new Journal(folder, copy), {
      open: residue.length === 0 ? open.map(({ action }) => action.id) : [],
      residue,
    });
  }
  if (residue.length === 0) parts.openRuns.remove(run);
  return { run, folder, actions: open.length, processes: found.length, residue };
}

/** What could not be taken back from a target that is not ours, in words. */
async function restored(
  entries: readonly JournalEntry[],
  { restoreForeign }: HealParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const open = openInjections(entries).flatMap(({ action }) => (isCommand(action) ? [] : [action]));
  const foreign = entries.find((entry) => entry.entry === "foreign");
  if (foreign === undefined || open.length === 0) return [];
  try {
    const left = await restoreForeign(foreign.targetFile, open, signal);
    return left.map(({ id }) => `${id} is in force`);
  } catch (thrown) {
    return [`${open.length} actions on the target of ${foreign.targetFile}: ${messageOf(thrown)}`];
  }
}

interface Undoing {
  readonly open: readonly Injection[];
  readonly parts: HealParts;
  readonly signal: AbortSignal;
}

/** What commands of the scenario did to this machine is undone whosever the target was. */
async function commandsUndone(run: string, { open, parts, signal }: Undoing): Promise<readonly string[]> {
  const commands = open.filter(({ action }) => isCommand(action)).reverse();
  if (commands.length === 0) return [];
  try {
    const left = await parts.undoCommands(run, commands, signal);
    return left.map(({ id }) => `${id} is in force`);
  } catch (thrown) {
    return [`${commands.length} commands of the scenario: ${messageOf(thrown)}`];
  }
}

function isCommand({ capability }: Action): boolean {
  return capability === "host.exec";
}

function record(
  journal: Journal,
  outcome: { readonly open: readonly string[]; readonly residue: readonly string[] },
): void {
  const atMs = systemClock.nowMs();
  journal.append([
    ...outcome.open.map((action) => ({ entry: "healed", atMs, action }) as const),
    { entry: "disposed", atMs, residue: outcome.residue },
  ]);
  journal.close();
}
