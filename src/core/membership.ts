import type { Plan } from "./plan.ts";

/** The nodes of a run and what they are. */
export type Membership = Pick<Plan, "nodes" | "voters" | "joiners">;

/** Of which nodes a condition is told: of all, of those that vote, or of those that are in the swarm (joiners only once they were told to join). */
export type Scope = "everyone" | "voters" | "members";

/** The nodes of a scope, when these joiners have been told to join. */
export function nodesOf(
  scope: Scope,
  { nodes, voters, joiners }: Membership,
  joined: ReadonlySet<string>,
): readonly string[] {
  if (scope === "everyone") return nodes;
  return scope === "voters" ? voters : nodes.filter((node) => joined.has(node) || !joiners.includes(node));
}
