import type { Json } from "../core/json.ts";
import type { OperationAnswer } from "../core/operation-answer.ts";
import type { Operation } from "../core/target.ts";
import type { TextAnswer } from "../core/transports.ts";
import { readAnswer } from "./answer-text.ts";
import { fits } from "./conditions.ts";
import { findValue, type NodeOf } from "./values.ts";

/**
 * Tells ok, fail and info apart. Without an answer only a connection that never came about (a program that never started) proves that nothing
 * happened; with one, only what the target file lists as definite.
 */
export function classify(operation: Operation, answer: TextAnswer, nodeOf: NodeOf): OperationAnswer {
  if (!answer.answered) return { outcome: answer.notSent ? "fail" : "info", error: answer.error, isAnswered: false };
  const read = readAnswer(operation, answer.code, answer.text);
  const word = Object.entries(operation.says).find(([, pattern]) => fits(pattern, read))?.[0];
  const says = word === undefined ? {} : { says: word };
  const isReadable = operation.answer === "text" || read.json !== null;
  if (isReadable && fits(operation.ok, read)) {
    const values: Record<string, Json> = {};
    for (const [name, path] of Object.entries(operation.values)) {
      const found = findValue(path, read, nodeOf);
      if ("problem" in found) return { outcome: "info", error: `${name}: ${found.problem}`, isAnswered: true, ...says };
      values[name] = found.value;
    }
    return { outcome: "ok", values, ...says };
  }
  const isDefinite = operation.definite.some((pattern) => fits(pattern, read));
  const error = codeText(operation, answer.code);
  return { outcome: isDefinite ? "fail" : "info", error, isAnswered: true, ...says };
}

function codeText({ by }: Operation, code: number | null): string {
  if (by === "http") return `HTTP ${code}`;
  return by === "command" ? `exit code ${code}` : "an answer that is not ok";
}
