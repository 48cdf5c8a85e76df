import { isList, isObject, type Json } from "../core/json.ts";
import type { Parameter } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Report } from "./timeline.ts";

const whole = /^\$([a-z][a-z0-9-]*)$/;
/** A word of its own: `5$hold` would else become 53s. */
const inText = /\$\$|(?<![\w.%-])\$([a-z][a-z0-9-]*)(?![\w.%])/g;
/** Where a text is made of words, so that one of them may be a parameter; elsewhere `$name` stands alone. */
const ofWords = /\/(expect|abort|on|sides|cast|title|description)(\/|$)/;

/** Parts of a file in which `$name` stands for nothing: what must be known before, and texts for people. */
const plain: ReadonlySet<string> = new Set(["name", "title", "description", "class", "parameters"]);

/**
 * Puts the values of parameters in place of `$name`: alone it becomes the value with its type, as a word of a text its words (`$$` is one `$`).
 * Places stay where they are, so that whatever is wrong afterwards is told where it was written.
 */
export function substitute(file: Json, parameters: Readonly<Record<string, Parameter>>, report: Report): Json {
  const valueOf = (name: string, at: string): Parameter["value"] => {
    const found = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (found === undefined) {
      const known = Object.keys(parameters);
      const none = known.length === 0 ? "; this file declares none under `parameters`" : didYouMean(name, known);
      report(at, `there is no parameter "${name}" for "$${name}" to stand for${none}`);
    }
    return found?.value ?? `$${name}`;
  };
  const filled = (value: Json, at: string): Json => {
    if (typeof value === "string") {
      const name = whole.exec(value)?.[1];
      if (name !== undefined) return valueOf(name, at);
      if (!ofWords.test(at)) return value.startsWith("$$") ? value.slice(1) : value;
      return value.replaceAll(inText, (_text, one: string | undefined) =>
        one === undefined ? "$" : String(valueOf(one, at)),
      );
    }
    if (isList(value)) return value.map((item, index) => filled(item, `${at}/${index}`));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, filled(item, `${at}/${escaped(key)}`)] as const);
    return Object.fromEntries(entries);
  };
  if (!isObject(file)) return file;
  const entries = Object.entries(file).map(([key, value]) =>
    plain.has(key) ? ([key, value] as const) : ([key, filled(value, `/${escaped(key)}`)] as const),
  );
  return Object.fromEntries(entries);
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
