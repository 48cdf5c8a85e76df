import { explainable } from "./harness-language.ts";
import { showable } from "./harness-show.ts";
import { inventory } from "./harness-catalogue.ts";

// The part of the composition root that knows which names an argument or flag takes.

/** The names that stand for an argument or flag of that name; none where it takes anything else. */
export function namesFor(what: string): readonly string[] {
  switch (what) {
    case "scenario":
      return inventory("scenarios").map(({ name }) => name);
    case "target":
      return inventory("targets").map(({ name }) => name);
    case "name":
      return showable();
    case "key":
      return explainable();
    default:
      return [];
  }
}
