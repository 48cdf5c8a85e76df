/** A node, or nodes, by what they are called: a part of the cast, whoever leads, or a node's own name. */
export type Member =
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "leader" }
  | { readonly kind: "node"; readonly node: string };

/** What is chosen from. `rest`: whoever is on no earlier side and in no earlier part; followers are voters that do not lead, agents do not vote. */
export type Pool =
  | { readonly kind: "everyone" | "followers" | "voters" | "agents" | "rest" }
  | { readonly kind: "members"; readonly members: readonly Member[] };

/** How many are chosen. A majority and a minority are of all nodes, or of the voters where those are chosen from; a share (0 to 1) is of the pool, rounded down, at least one. */
export type Amount =
  | { readonly kind: "all" | "majority" | "minority" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "share"; readonly share: number };

/**
 * Which nodes are meant: by role, name, count, share, "all but", majority or minority. Never everyone by omission. Counts and shares are
 * drawn from the seed; who leads is known only when the time comes.
 */
export interface Selection {
  /** As the author wrote it. */
  readonly text: string;
  readonly pool: Pool;
  readonly amount: Amount;
  /** Among the chosen, whatever is drawn. */
  readonly with: readonly Member[];
  /** Never among the chosen. */
  readonly but: readonly Member[];
}

/** Who plays which part: label to nodes. */
export type Cast = Readonly<Record<string, readonly string[]>>;

/** What a selection is resolved in. */
export interface SelectionContext {
  /** All nodes in the order in which they are tried, drawn from the seed at plan. */
  readonly order: readonly string[];
  /** How many nodes there are, also where some may not be drawn: what a majority is of. */
  readonly all: number;
  /** The nodes that vote. */
  readonly voters: readonly string[];
  /** Who leads now, or null where nobody does or nobody knows. */
  readonly leader: string | null;
  readonly cast: Cast;
  /** Nodes that were chosen by earlier parts or sides. */
  readonly taken: readonly string[];
}

/** The nodes that a selection means now, in the order in which they were drawn; or why it means none. */
export function resolveSelection(
  selection: Selection,
  context: SelectionContext,
): { readonly nodes: readonly string[] } | { readonly problem: string } {
  const missing = [...membersOf(selection.pool), ...selection.with, ...selection.but].find(
    (member) => named(member, context) === null,
  );
  if (missing !== undefined) return { problem: `"${selection.text}": ${missingText(missing)}` };
  if (selection.pool.kind === "followers" && context.leader === null) {
    return { problem: `"${selection.text}": nobody leads, so nobody follows` };
  }
  const must = allOf(selection.with, context);
  const never = new Set(allOf(selection.but, context));
  const pool = poolOf(selection.pool, context).filter((node) => !never.has(node));
  const others = pool.filter((node) => !must.includes(node));
  const all = selection.pool.kind === "voters" ? context.voters.length : context.all;
  const wanted = amountOf(selection.amount, { pool: shared(selection, context, must), all });
  const nodes = [...must, ...others.slice(0, Math.max(0, wanted - must.length))];
  if (nodes.length === 0 || nodes.length < wanted) {
    return {
      problem: `"${selection.text}" asks for ${Math.max(1, wanted)} nodes, and there ${nodes.length === 1 ? "is" : "are"} ${nodes.length}`,
    };
  }
  return { nodes };
}

/** What a share is of: half of all nodes is half of them, also where some are not to be among it. What is all of them leaves those out. */
function shared({ pool, amount, but }: Selection, context: SelectionContext, must: readonly string[]): number {
  const never = new Set(amount.kind === "share" ? [] : allOf(but, context));
  return new Set([...poolOf(pool, context).filter((node) => !never.has(node)), ...must]).size;
}

/** Every part of the cast that a selection names. */
export function labelsIn({ pool, with: must, but }: Selection): readonly string[] {
  return [...membersOf(pool), ...must, ...but].flatMap((member) => (member.kind === "label" ? [member.label] : []));
}

function membersOf(pool: Pool): readonly Member[] {
  return pool.kind === "members" ? pool.members : [];
}

function poolOf(pool: Pool, context: SelectionContext): readonly string[] {
  const { order, voters, leader, taken } = context;
  switch (pool.kind) {
    case "members":
      return allOf(pool.members, context);
    case "everyone":
      return order;
    case "followers":
      return order.filter((node) => node !== leader && voters.includes(node));
    case "voters":
      return order.filter((node) => voters.includes(node));
    case "agents":
      return order.filter((node) => !voters.includes(node));
    case "rest":
      return order.filter((node) => !taken.includes(node));
  }
}

function amountOf(amount: Amount, sizes: { readonly pool: number; readonly all: number }): number {
  switch (amount.kind) {
    case "all":
      return sizes.pool;
    case "majority":
      return Math.floor(sizes.all / 2) + 1;
    case "minority":
      return Math.floor((sizes.all - 1) / 2);
    case "count":
      return amount.count;
    case "share":
      return Math.max(1, Math.floor(amount.share * sizes.pool));
  }
}

function allOf(members: readonly Member[], context: SelectionContext): readonly string[] {
  return [...new Set(members.flatMap((member) => named(member, context) ?? []))];
}

/** The nodes of a member, or null where it stands for none. */
function named(member: Member, { order, leader, cast }: SelectionContext): readonly string[] | null {
  switch (member.kind) {
    case "label":
      return cast[member.label] ?? null;
    case "leader":
      return leader === null ? null : [leader];
    case "node":
      return order.includes(member.node) ? [member.node] : null;
  }
}

function missingText(member: Member): string {
  switch (member.kind) {
    case "label":
      return `nobody plays "${member.label}"`;
    case "leader":
      return "nobody leads";
    case "node":
      return `there is no node "${member.node}"`;
  }
}
