import { type TSchema, Type } from "typebox";
import { exitPattern, statusPattern, textPattern } from "./schema-values.ts";

const saysText =
  "Answers that say something more, good or not, by the word that the harness knows for it: queued (taken, and done later), degraded (answered, but not in the full way), throttled (put off for lack of resources). The first that fits counts.";
const one = "The answers that say it.";

function saysOf<S extends TSchema>(pattern: S, example: object) {
  return Type.Optional(
    Type.Record(Type.String({ pattern: "^[a-z]+$" }), pattern, {
      description: saysText,
      examples: [example],
      default: "none says more",
    }),
  );
}

/** What answers with an HTTP status say beside being good or not. */
export const saysByStatus = saysOf(statusPattern({ description: one, examples: [{ statuses: [429, 503] }] }), {
  queued: { statuses: [202] },
  throttled: { statuses: [429] },
});

/** What answers that are text say beside being good or not. */
export const saysByText = saysOf(textPattern({ description: one, examples: [{ where: { matches: "^LATER" } }] }), {
  queued: { where: { matches: "^LATER" } },
});

/** What a program's exit code says beside being good or not. */
export const saysByExit = saysOf(exitPattern({ description: one, examples: [{ exitCodes: [75] }] }), {
  throttled: { exitCodes: [75] },
});
