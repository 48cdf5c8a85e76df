import type { Target } from "./target.ts";

/** How many nodes a target can have. */
export function sizeLimits({ nodes: { source } }: Target): { readonly minimum: number; readonly maximum: number } {
  return source.kind === "started" ? source : { minimum: 1, maximum: source.addresses.length };
}

/** The names of the first `count` nodes: made of the prefix, or as the addresses say. Fewer where there are fewer addresses. */
export function nodeNames({ nodes: { source } }: Target, count: number): readonly string[] {
  if (source.kind === "running") return source.addresses.slice(0, count).map(({ node }) => node);
  return Array.from({ length: count }, (_, index) => `${source.prefix}${index + 1}`);
}

/** How many nodes a run has, and who says so. */
export interface Size {
  readonly nodes: number;
  /** For people; never empty. */
  readonly reason: string;
}

/**
 * How many nodes a run has: as many as the caller asks for; else what the target says; else what the scenario's profile says, but of a
 * running system not more than it has. Whether they fit is for the plan to see.
 */
export function sizeOf(target: Target, asked: number | null, profile: number): Size {
  if (asked !== null) return { nodes: asked, reason: "as asked for" };
  const { source, default: usual } = target.nodes;
  const profileSays = `the profile says ${profile}`;
  if (usual !== null) return { nodes: usual, reason: `the target's default; ${profileSays}` };
  if (source.kind === "started" || source.addresses.length >= profile) return { nodes: profile, reason: profileSays };
  return { nodes: source.addresses.length, reason: `all that the target has; ${profileSays}` };
}
