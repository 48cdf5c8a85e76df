import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeJsonAtomic } from "../core/atomic-file.ts";
import { parseJson } from "../core/json.ts";
import type { ProcessTable } from "../core/owned-target.ts";
import type { Playground } from "../core/playground.ts";

/** The playgrounds that stand, as small files in the user's state folder: one each, written by its holder when it is ready. */
export class Playgrounds {
  readonly #folder: string;

  constructor(stateFolder: string) {
    this.#folder = join(stateFolder, "playgrounds");
  }

  /** Where a playground keeps its logs and its journal. */
  folderOf(id: string): string {
    return join(this.#folder, id);
  }

  add(playground: Playground): void {
    mkdirSync(this.#folder, { recursive: true });
    writeJsonAtomic(this.#file(playground.id), playground);
  }

  /** Takes it out of the index; its folder with the logs stays unless it ended well. */
  remove(id: string, endedWell: boolean): void {
    rmSync(this.#file(id), { force: true });
    if (endedWell) rmSync(this.folderOf(id), { recursive: true, force: true });
  }

  /** Those whose holder lives, oldest first. Of one whose holder was killed the place and the socket are taken away; its keeper heals the rest, its logs stay. */
  standing(processes: ProcessTable): readonly Playground[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith(".json"))
      .sort()
      .flatMap((file) => {
        const value: unknown = parseJson(readFileSync(join(this.#folder, file), "utf8"))?.value;
        if (!isPlayground(value)) return [];
        if (processes.isAlive(value.holder)) return [value];
        rmSync(value.socket, { force: true });
        this.remove(value.id, false);
        return [];
      });
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function isPlayground(value: unknown): value is Playground {
  return typeof value === "object" && value !== null && "id" in value && "socket" in value && "holder" in value;
}
