import { Type } from "typebox";
import type { Link } from "../core/action.ts";
import type { Sign } from "../core/fault.ts";
import { defineFault } from "./define-fault.ts";
import { directionParam, hitLinks, linkSeed, onLinks } from "./hit-links.ts";
import { closed, shareOf, shareParam } from "./parameters.ts";

/** Agents send each other some two pieces a second; so long may the first altered one be in coming, in ms. */
const pieceMs = 500;
const longestMs = 30_000;

/** One byte is changed in a share of the pieces that a link carries. */
export const corrupt = defineFault({
  name: "corrupt",
  summary: "Change one byte in a share of the pieces that links carry.",
  params: Type.Object(
    {
      rate: shareParam({
        description: "The share of pieces in which a byte is changed; which, and which byte, is drawn from the seed.",
        examples: ["1%"],
      }),
      direction: directionParam,
    },
    closed,
  ),
  takes: "either",
  capabilities: () => ["link.corrupt"],
  work: ({ rate, direction }, input) => {
    const links = hitLinks(input, direction);
    const { actions } = onLinks(input, links, {
      capability: "link.corrupt",
      params: (link) => ({ rate: shareOf(rate), seed: linkSeed(input, link) }),
      sign: null,
    });
    const signs = [...Map.groupBy(links, ({ to }) => to)].map(([to, all]) => refusing(to, all));
    return { actions, signs, shownWithinMs: Math.min(longestMs, (5 * pieceMs) / Math.max(0.001, shareOf(rate))) };
  },
});

/** What arrives altered must be refused by whoever receives it: nodes count that. Nothing arrives from whom they do not know. */
function refusing(node: string, links: readonly Link[]): Sign {
  const force = [{ value: "rejectedFrames", comparator: ">=", limit: 1, isGrowth: true }] as const;
  const peers = links.map(({ from }) => from);
  return { sign: "reports", node, text: "refuses what arrives altered", operation: "metrics", force, peers };
}
