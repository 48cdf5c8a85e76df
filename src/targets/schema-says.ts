import { type TSchema, Type } from "typebox";
import { closed, type KeyDescription } from "../core/schema-parts.ts";
import { exitPattern, statusPattern, textPattern } from "./schema-values.ts";

const saysText =
  "Answers that say something more, good or not, by the word that checks know for it. The first that fits counts.";

/** What answers say by each word, with an example of the pattern that tells them. */
function saysOf<S extends TSchema>(patternOf: (key: KeyDescription) => S, example: object) {
  const word = (description: string) =>
    Type.Optional(patternOf({ description: `Answers that say: ${description}.`, examples: [example] }));
  return Type.Optional(
    Type.Object(
      {
        queued: word("taken, and done later"),
        degraded: word("answered, but not in the full way"),
        throttled: word("put off for lack of resources"),
      },
      { ...closed, description: saysText, examples: [{ throttled: example }], default: "none says more" },
    ),
  );
}

/** What answers with an HTTP status say beside being good or not. */
export const saysByStatus = saysOf(statusPattern, { statuses: [429] });

/** What answers that are text say beside being good or not. */
export const saysByText = saysOf(textPattern, { where: { matches: "^LATER" } });

/** What a program's exit code says beside being good or not. */
export const saysByExit = saysOf(exitPattern, { exitCodes: [75] });
