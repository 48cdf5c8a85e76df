import { readFileSync, statSync } from "node:fs";
import { HarnessError } from "./harness-error.ts";
import { isObject, parseJson } from "./json.ts";

/** The file if nothing is lost when it is written: there is none, it is empty, or it holds what is told by one of these keys. Throws `HarnessError` (exit 64) for any other. */
export function replaceableFile(file: string, what: { readonly is: string; readonly keys: readonly string[] }): string {
  const text = textOf(file);
  const value = parseJson(text ?? "")?.value;
  if (text === "" || (isObject(value) && what.keys.some((key) => Object.hasOwn(value, key)))) return file;
  throw new HarnessError(`${file} is there already, and is no ${what.is}; it would be lost`, {
    code: "other-file",
    exit: "usage",
    next: `give another file for the ${what.is}, or move that one away`,
  });
}

/** Empty where nothing can be read: then whoever writes it will tell. Null for what is no file, as a pipe, which may never end. */
function textOf(file: string): string | null {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) return "";
    return stat.isFile() ? readFileSync(file, "utf8") : null;
  } catch {
    return "";
  }
}
