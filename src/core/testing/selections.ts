import type { Amount, Pool, Selection } from "../selection.ts";

function selection(text: string, pool: Pool, amount: Amount = { kind: "all" }): Selection {
  return { text, pool, amount, with: [], but: [] };
}

/** For tests: every node. */
export const everyone: Selection = selection("everyone", { kind: "everyone" });

/** For tests: whoever leads. */
export const leader: Selection = selection("leader", { kind: "members", members: [{ kind: "leader" }] });

/** For tests: one that follows. */
export const follower: Selection = selection("follower", { kind: "followers" }, { kind: "count", count: 1 });

/** For tests: whoever is left. */
export const rest: Selection = selection("rest", { kind: "rest" });

/** For tests: a part of the cast. */
export function part(label: string): Selection {
  return selection(label, { kind: "members", members: [{ kind: "label", label }] });
}
