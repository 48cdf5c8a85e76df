import { atPointer, type Json } from "../core/json.ts";
import type { AnswerPattern, Condition } from "../core/target.ts";
import type { ReadAnswer } from "./answer-text.ts";

/** Whether an answer has one of the codes, and all the conditions hold of it. */
export function fits(pattern: AnswerPattern, answer: ReadAnswer): boolean {
  if (pattern.codes !== null && (answer.code === null || !pattern.codes.includes(answer.code))) return false;
  return pattern.where.every((condition) => holds(condition, answer));
}

/** Whether a condition holds. One on a place holds of no answer that is not JSON, not even that the place is absent. */
export function holds(condition: Condition, { text, json }: ReadAnswer): boolean {
  if (condition.kind === "matches" && condition.pointer === null) return new RegExp(condition.pattern, "m").test(text);
  if (json === null) return false;
  const value = atPointer(json.value, condition.pointer ?? "");
  switch (condition.kind) {
    case "equals":
      return JSON.stringify(value) === JSON.stringify(condition.value);
    case "absent":
      return value === undefined;
    case "matches":
      return value !== undefined && new RegExp(condition.pattern, "m").test(asText(value));
  }
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
