import { existsSync } from "node:fs";
import { messageOf } from "../core/harness-error.ts";
import { isList, isObject, type Json } from "../core/json.ts";
import { didYouMean } from "../core/suggest.ts";
import type { EnvironmentValue, Secret } from "../core/target.ts";
import { filterNames, holdersOf } from "./template.ts";

/** Tells a problem with the value at a pointer. */
export type Report = (pointer: string, message: string) => void;

/** Reports holders and filters of a template that there are not. */
export function templateProblems(report: Report): (pointer: string, text: string, known: readonly string[]) => void {
  return (pointer, text, known) => {
    for (const { name, filter } of holdersOf(text)) {
      if (!known.includes(name)) report(pointer, `{${name}} stands for nothing here${didYouMean(name, known)}`);
      if (filter !== null && !filterNames.includes(filter)) {
        report(pointer, `there is no filter "${filter}"${didYouMean(filter, filterNames)}`);
      }
    }
  };
}

/** The same of every text of a JSON value. */
export function jsonProblems(report: Report): (pointer: string, value: Json, known: readonly string[]) => void {
  const texts = templateProblems(report);
  const walk = (pointer: string, value: Json, known: readonly string[]): void => {
    if (typeof value === "string") texts(pointer, value, known);
    if (isList(value)) for (const [index, item] of value.entries()) walk(`${pointer}/${index}`, item, known);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      walk(`${pointer}/${escaped(key)}`, item, known);
    }
  };
  return walk;
}

/** Reports a regular expression that does not compile, or lacks the group that is needed. */
export function patternProblems(
  report: Report,
): (pointer: string, pattern: string, needs: { readonly group: boolean }) => void {
  return (pointer, pattern, { group }) => {
    try {
      // With an alternative that always matches, the match tells how many groups there are.
      const groups = (new RegExp(`${pattern}|`, "m").exec("")?.length ?? 1) - 1;
      if (group && groups === 0) report(pointer, "it has no group: put what is wanted in round brackets");
    } catch (thrown) {
      report(pointer, `it is no regular expression: ${messageOf(thrown)}`);
    }
  };
}

/** A name as a part of a JSON pointer. */
export function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Reports the file of a secret that is not there. */
export function secretFile(pointer: string, secret: Secret, report: Report): void {
  if ("fromEnvironment" in secret || existsSync(secret.fromFile)) return;
  report(`${pointer}/fromFile`, `there is no file ${secret.fromFile}`);
}

/** The same of every secret in an environment. */
export function secretFiles(
  pointer: string,
  environment: Readonly<Record<string, EnvironmentValue>>,
  report: Report,
): void {
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value === "object") secretFile(`${pointer}/${escaped(name)}`, value, report);
  }
}
