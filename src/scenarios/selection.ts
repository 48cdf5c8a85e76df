import type { Amount, Member, Pool, Selection } from "../core/selection.ts";
import { nearest } from "../core/suggest.ts";

/** Words with a meaning of their own, which no part of a cast may be called. */
export const selectionWords = [
  "agent",
  "agents",
  "all",
  "and",
  "but",
  "everyone",
  "follower",
  "followers",
  "half",
  "leader",
  "majority",
  "minority",
  "node",
  "nodes",
  "of",
  "rest",
  "voter",
  "voters",
  "with",
] as const;

const forms =
  "a part of the cast, leader, follower, 2 followers, 3, 50% of agents, majority, minority with NAME, all but NAME, rest, node n2, everyone";

/** Reads who is meant, as `2 followers`, `50% of followers`, `minority with lost` or `all but leader`; or says what is wrong with it. */
export function parseSelection(text: string, labels: readonly string[]): Selection | { readonly problem: string } {
  const words = text.trim().replaceAll(",", " and ").split(/\s+/);
  const reader = new Reader(words, labels);
  const head = reader.head();
  const must: Record<"with" | "but", readonly Member[]> = { with: [], but: [] };
  while (reader.isNext("with") || reader.isNext("but")) {
    const word = reader.take() === "with" ? "with" : "but";
    must[word] = [...must[word], ...reader.members()];
  }
  if (head !== null && reader.problem === null && reader.rest() === "") return { text: text.trim(), ...head, ...must };
  const [odd = ""] = reader.rest().split(" ");
  const near = nearest(odd, [...selectionWords, ...labels]);
  const fix = near === null ? `; write ${forms}` : ` (did you mean ${near}?)`;
  return { problem: reader.problem ?? `"${text.trim()}" says nobody (at "${reader.rest()}")${fix}` };
}

interface Head {
  readonly pool: Pool;
  readonly amount: Amount;
}

const everyone: Pool = { kind: "everyone" };
const all: Amount = { kind: "all" };

/** Words for what is counted, singular and plural. */
const poolKinds: ReadonlyMap<string, Exclude<Pool["kind"], "everyone" | "members">> = new Map([
  ["follower", "followers"],
  ["followers", "followers"],
  ["voter", "voters"],
  ["voters", "voters"],
  ["agent", "agents"],
  ["agents", "agents"],
  ["rest", "rest"],
]);

class Reader {
  problem: string | null = null;
  readonly #words: string[];
  readonly #labels: readonly string[];

  constructor(words: readonly string[], labels: readonly string[]) {
    this.#words = words.filter((word) => word !== "");
    this.#labels = labels;
  }

  isNext(word: string): boolean {
    return this.#words[0] === word;
  }

  take(): string {
    return this.#words.shift() ?? "";
  }

  rest(): string {
    return this.#words.join(" ");
  }

  head(): Head | null {
    const word = this.#words[0] ?? "";
    switch (word) {
      case "everyone":
      case "all":
        this.take();
        return { pool: everyone, amount: all };
      case "rest":
      case "followers":
      case "voters":
      case "agents":
        this.take();
        return { pool: { kind: word }, amount: all };
      case "follower":
      case "voter":
      case "agent":
        this.take();
        return { pool: { kind: `${word}s` }, amount: { kind: "count", count: 1 } };
      case "majority":
      case "minority":
        this.take();
        return { pool: this.#pool(), amount: { kind: word } };
      case "half":
        this.take();
        return { pool: this.#pool(), amount: { kind: "share", share: 0.5 } };
      default:
        return /^[\d.]+%?$/.test(word) ? this.#counted(this.take()) : this.#named();
    }
  }

  members(): readonly Member[] {
    const members = [this.#member()];
    while (this.isNext("and")) {
      this.take();
      members.push(this.#member());
    }
    return members.filter((member) => member !== null);
  }

  #named(): Head | null {
    const members = this.members();
    return this.problem === null ? { pool: { kind: "members", members }, amount: all } : null;
  }

  #counted(word: string): Head {
    const number = Number(word.replace("%", ""));
    const isShare = word.endsWith("%");
    if (isShare ? !(number > 0 && number <= 100) : !(Number.isInteger(number) && number > 0)) {
      this.problem = `"${word}" is no number of nodes; write a whole number from 1, or a share from 1% to 100%`;
    }
    const amount: Amount = isShare
      ? { kind: "share", share: Number(`${number}e-2`) }
      : { kind: "count", count: number };
    return { pool: this.#pool(), amount };
  }

  /** What is counted: `of followers`, `followers`, `nodes`; everyone unless said. */
  #pool(): Pool {
    if (this.isNext("of")) this.take();
    const word = this.#words[0] ?? "";
    if (word === "everyone" || word === "nodes") this.take();
    const kind = poolKinds.get(word);
    if (kind === undefined) return everyone;
    this.take();
    return { kind };
  }

  #member(): Member | null {
    const word = this.take();
    if (word === "leader") return { kind: "leader" };
    if (word === "node" && this.#words.length > 0) return { kind: "node", node: this.take() };
    if (this.#labels.includes(word)) return { kind: "label", label: word };
    const near = nearest(word, [...this.#labels, ...selectionWords]);
    const guess = near ?? (/^[a-z]+\d+$/.test(word) ? `node ${word}` : null);
    const fix = guess === null ? `; write ${forms}` : ` (did you mean ${guess}?)`;
    this.problem ??= `"${word}" is not in the cast${fix}`;
    return null;
  }
}
