import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeJsonAtomic } from "../core/atomic-file.ts";
import { systemCodeOf } from "../core/harness-error.ts";
import { parseJson } from "../core/json.ts";
import type { MachineTraces } from "../core/machine-traces.ts";
import type { ProcessTable } from "../core/owned-target.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";

/** A run that was opened and not closed, as the index in the user's state folder has it. */
export interface OpenRun {
  readonly run: string;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly keeper: ProcessIdentity;
  readonly runner: ProcessIdentity | null;
  /** RFC 3339. */
  readonly openedAt: string;
}

/** An open run as it stands: `alive` is somebody at work, `residue` is what nobody looks after any more. */
export interface RunStanding extends OpenRun {
  readonly standing: "alive" | "residue";
  /** Processes that carry its tag: pid and command. */
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
  /** Its cgroups and mounts. */
  readonly traces: readonly string[];
}

/** The index of open runs: one small file each, so that runs never write over each other. */
export class OpenRuns {
  readonly #folder: string;

  constructor(stateFolder: string) {
    this.#folder = join(stateFolder, "runs");
  }

  add(run: OpenRun): void {
    mkdirSync(this.#folder, { recursive: true });
    writeJsonAtomic(this.#file(run.run), run);
  }

  remove(run: string): void {
    rmSync(this.#file(run), { force: true });
    rmSync(this.journalCopy(run), { force: true });
  }

  /** Where the journal of a run is found when its folder is gone. */
  journalCopy(run: string): string {
    mkdirSync(this.#folder, { recursive: true });
    return join(this.#folder, `${run}.undo.ndjson`);
  }

  /**
   * Every open run. A run whose keeper lives is alive. Tagged processes, cgroups and mounts of a run that is in no index (its file was removed) are residue too,
   * unless their keeper lives: then the run is a neighbour's, who has another state folder.
   */
  standings(table: ProcessTable, traces: MachineTraces): readonly RunStanding[] {
    // The index comes first: a run that closes meanwhile would else be seen with processes and without its file.
    const indexed = this.#read();
    const processes = Map.groupBy(table.tagged(null), ({ run }) => run);
    const made = Map.groupBy(traces.find(null), ({ run }) => run);
    const tracesOf = (run: string): readonly string[] => (made.get(run) ?? []).map(({ what }) => what);
    const known = indexed.flatMap((run): readonly RunStanding[] => {
      const own = processes.get(run.run) ?? [];
      processes.delete(run.run);
      const left = { ...run, processes: own, traces: tracesOf(run.run) };
      made.delete(run.run);
      if (table.isAlive(run.keeper)) return [{ ...left, standing: "alive" }];
      // A keeper that ended and took its run out of the index has closed it.
      return existsSync(this.#file(run.run)) ? [{ ...left, standing: "residue" }] : [];
    });
    const unknown = [...new Set([...processes.keys(), ...made.keys()])].map((run): RunStanding => {
      const keeper = table.keeperOf(run);
      const standing = keeper === null ? "residue" : "alive";
      const nobody = { pid: 0, startTime: 0 };
      const left = { processes: processes.get(run) ?? [], traces: tracesOf(run) };
      return { run, folder: "", keeper: keeper ?? nobody, runner: null, openedAt: "", standing, ...left };
    });
    return [...known, ...unknown];
  }

  #read(): readonly OpenRun[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => {
        const value = parseJson(textOf(join(this.#folder, file)))?.value;
        return isOpenRun(value) ? [value] : [];
      });
  }

  #file(run: string): string {
    return join(this.#folder, `${run}.json`);
  }
}

/** Empty for a file that is gone meanwhile: its run was closed. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return "";
    throw thrown;
  }
}

function isOpenRun(value: unknown): value is OpenRun {
  return typeof value === "object" && value !== null && "run" in value && "folder" in value && "keeper" in value;
}
