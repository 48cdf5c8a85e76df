import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { Policy } from "./policy.ts";
import { type RawFile, readRaw } from "./read-folder.ts";

/** Endings of the files that tools write. */
const endings = /\.(json|xml|sarif|info|lcov)$/i;

/** The files of other tools that a policy names; of a folder each with an ending that such files have. A folder without any is a file that is missing. */
export function readSources({ release }: Policy): readonly { readonly asker: string; readonly raw: RawFile }[] {
  return [...release.criteria, ...release.noGo].flatMap(({ name, from }) =>
    from.flatMap((path) => filesOf(path).map((raw) => ({ asker: name, raw }))),
  );
}

function filesOf(path: string): readonly RawFile[] {
  const all = join(path, "*");
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [readRaw(path)];
    const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => endings.test(name));
    const files = names.sort().map((name) => readRaw(join(path, name)));
    return files.length > 0 ? files : [{ file: all, text: null, problem: "ENOENT" }];
  } catch (thrown) {
    return [{ file: all, text: null, problem: systemCodeOf(thrown) ?? messageOf(thrown) }];
  }
}
