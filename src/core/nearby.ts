import { relative } from "node:path";

/** A path as people would type it from here. */
export function nearby(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near || ".";
}
