import { basename, join, relative, resolve, sep } from "node:path";
import { packageFolder } from "./environment.ts";

/** Which file a scenario was read from. */
export interface ScenarioSource {
  /** As a reader of the repository writes it: from where the command was called, with `/`; `catalogue/<name>.yaml` of an installed package. */
  readonly file: string;
  /** SHA-256, in hexadecimal, of the file's bytes. */
  readonly digest: string;
}

/** Where in its file stands what a run is judged by. Lines count from 1. */
export interface SourceLines {
  /** Of the variant. */
  readonly line: number;
  /** Of each expectation, check and abort condition, by the name of its verdict; a check that is not written has the variant's. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Where the scenario of a plan stands. */
export type PlanSource = ScenarioSource & SourceLines;

/** The name that the verdict on an abort condition has. */
export function abortName({ text }: { readonly text: string }): string {
  return `abort: ${text}`;
}

/**
 * A file's path as it is written in what others read: from the working directory where it lies below, `catalogue/<name>` for a built-in
 * one, else its name alone. Never a path of this machine.
 */
export function sourcePath(file: string, from = process.cwd(), builtIn = builtInScenarios()): string {
  const path = resolve(from, file);
  const near = relative(from, path);
  const isBelow = near !== "" && near !== ".." && !near.startsWith(`..${sep}`);
  const isBuiltIn = path.startsWith(builtIn + sep);
  // A package that is installed below the repository is no part of it.
  if (isBelow && !(isBuiltIn && near.split(sep).includes("node_modules"))) return near.split(sep).join("/");
  return isBuiltIn ? `catalogue/${basename(path)}` : basename(path);
}

/** The folder of the scenarios that come with the package. */
export function builtInScenarios(): string {
  return join(packageFolder(), "src", "scenarios", "catalogue");
}
