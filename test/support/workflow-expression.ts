/** What expressions of a workflow may name: `github`, `env`, `needs`, `matrix`, `steps`, `secrets`, `inputs`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What the status functions say where an expression stands. */
export interface Status {
  readonly isFailed: boolean;
  readonly isCancelled: boolean;
}

const well: Status = { isFailed: false, isCancelled: false };

/** A text with each `${{ }}` in it replaced by its value, as the runner does. Throws for an expression that is not known here. */
export function interpolated(text: string, contexts: Contexts, status = well): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, source: string) => textOf(evaluated(source, contexts, status)));
}

/** The value of an `if:`, with or without `${{ }}` around it. */
export function holds(condition: string, contexts: Contexts, status = well): boolean {
  const source = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  return isTrue(evaluated(source, contexts, status));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "" && value !== 0 && value !== false;
}

/** Evaluates the part of the language that the workflows of this repository use; anything else throws, so that nothing is taken for something. */
function evaluated(source: string, contexts: Contexts, status: Status): unknown {
  const tokens = [...source.matchAll(/\s*('(?:[^']|'')*'|[A-Za-z_][\w-]*|\d+|==|!=|&&|\|\||[!.()[\],])/gy)].map(
    ([, token = ""]) => token,
  );
  if (tokens.join("") !== source.replaceAll(/\s+(?=(?:[^']*'[^']*')*[^']*$)/g, "")) throw unknown(source);
  let at = 0;
  const take = (token: string): boolean => (tokens[at] === token ? ((at += 1), true) : false);
  const need = (token: string): void => {
    if (!take(token)) throw unknown(source);
  };

  const either = (): unknown => {
    let left = both();
    while (take("||")) {
      const right = both();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  const both = (): unknown => {
    let left = compared();
    while (take("&&")) {
      const right = compared();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  const compared = (): unknown => {
    const left = negated();
    if (take("==")) return textOf(left) === textOf(negated());
    if (take("!=")) return textOf(left) !== textOf(negated());
    return left;
  };
  const negated = (): unknown => (take("!") ? !isTrue(negated()) : placed());
  const placed = (): unknown => {
    let value = single();
    while (tokens[at] === "." || tokens[at] === "[") {
      const isDot = take(".");
      if (!isDot) need("[");
      const key = isDot ? (tokens[at++] ?? "") : textOf(either());
      if (!isDot) need("]");
      value = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : null;
    }
    return value;
  };
  const single = (): unknown => {
    const token = tokens[at++] ?? "";
    if (token === "(") {
      const value = either();
      need(")");
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (take("(")) return called(token);
    if (!(token in contexts)) throw unknown(`${token} in ${source}`);
    return contexts[token];
  };
  const called = (name: string): unknown => {
    const given = take(")") ? [] : [either()];
    if (given.length > 0) need(")");
    const [first] = given;
    if (name === "always" && given.length === 0) return true;
    if (name === "success" && given.length === 0) return !status.isFailed && !status.isCancelled;
    if (name === "failure" && given.length === 0) return status.isFailed;
    if (name === "cancelled" && given.length === 0) return status.isCancelled;
    if (name === "toJSON" && given.length === 1) return JSON.stringify(first, null, 2);
    if (name === "fromJSON" && given.length === 1) return JSON.parse(textOf(first));
    throw unknown(`${name}() in ${source}`);
  };

  const value = either();
  if (at !== tokens.length) throw unknown(source);
  return value;
}

function unknown(what: string): Error {
  return new Error(`the runner of these tests does not know the expression: ${what.trim()}`);
}
