import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentVariable, packageFolder } from "./environment.ts";
import { atPointer, parseJson } from "./json.ts";

/** What made a run: the tool's version, and Node and system under it. */
export function toolInfo(): { readonly version: string; readonly node: string; readonly platform: string } {
  const manifest = parseJson(readFileSync(join(packageFolder(), "package.json"), "utf8"))?.value ?? null;
  const version = atPointer(manifest, "/version");
  return {
    version: typeof version === "string" ? version : "unknown",
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Where a run comes from: what makes it, in which attempt of a CI job, of which commit. */
export function provenance() {
  return { tool: toolInfo(), attempt: currentAttempt(), commit: currentCommit() } as const;
}

/** Which attempt of its CI job this is (GITHUB_RUN_ATTEMPT), from 1, or null outside of one. */
export function currentAttempt(): number | null {
  const attempt = Number(environmentVariable("GITHUB_RUN_ATTEMPT") ?? Number.NaN);
  return Number.isInteger(attempt) && attempt >= 1 ? attempt : null;
}

/** The commit that is checked out where the command was called, or null outside of a repository (or without git). */
export function currentCommit(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}
