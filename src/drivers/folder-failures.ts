import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf } from "../core/node-of.ts";
import { own } from "../core/own.ts";
import type { NodeFiles } from "../core/target.ts";
import { captureEach, readEach } from "../core/read-each.ts";

/** What the driver works with. */
interface Parts {
  readonly nodes: NodeAccess;
  readonly files: Readonly<Record<string, NodeFiles>>;
}

/**
 * Carries out `disk.fail`: a folder is renamed away and a plain file put in its place, so that opening anything in it fails, for root too (of a
 * single file: a folder). Where it was put away follows from its name alone, so that anybody can put it back.
 */
export function folderFailures({ nodes, files }: Parts): Driver {
  const placeOf = (action: Action): Place => {
    const name = action.params["files"];
    const spec = typeof name === "string" ? own(files, name) : undefined;
    if (spec === undefined) throw new TypeError(`${action.id}: the target names no such files`);
    const { place } = spec;
    const path = join(nodes.dataFolderOf(nodeOf(action)), place.kind === "file" ? place.file : place.folder);
    return { path, away: join(dirname(path), `.prism-chaos-away.${basename(path)}`), isFile: place.kind === "file" };
  };
  /** Which actions keep it away: it comes back when the last one is removed. */
  const keeping = new Map<string, Set<string>>();
  const apply = (action: Action): void => {
    const place = placeOf(action);
    keeping.set(place.path, (keeping.get(place.path) ?? new Set()).add(action.id));
    if (kindOf(place.away) !== null) return;
    renameSync(place.path, place.away);
    if (place.isFile) mkdirSync(place.path);
    else writeFileSync(place.path, "");
  };
  const remove = (action: Action): void => {
    const place = placeOf(action);
    const left = keeping.get(place.path);
    left?.delete(action.id);
    if ((left?.size ?? 0) > 0 || kindOf(place.away) === null) return;
    rmSync(place.path, { recursive: true, force: true });
    renameSync(place.away, place.path);
  };
  const read = (action: Action): Reading => {
    const place = placeOf(action);
    const isReplaced = kindOf(place.path) === (place.isFile ? "folder" : "file");
    return isReplaced && kindOf(place.away) !== null ? "in-force" : "absent";
  };
  return {
    capture: async (batch) => captureEach(batch, (action) => ({ was: kindOf(placeOf(action).path) })),
    apply: (batch) => eachOf(batch, apply),
    remove: (batch) => eachOf(batch, remove),
    read: async (batch) => readEach(batch, read),
  };
}

interface Place {
  readonly path: string;
  /** Where it is while it fails. */
  readonly away: string;
  readonly isFile: boolean;
}

function kindOf(path: string): "file" | "folder" | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : found.isDirectory() ? "folder" : "file";
}
