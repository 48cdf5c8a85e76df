import type { Check } from "../core/check.ts";
import { type Cut, cutsIn } from "../core/cut.ts";
import { signName } from "../core/fault.ts";
import type { Plan } from "../core/plan.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "seen-from-both-sides";

/**
 * Whether a cut was seen by nodes of each of its sides: on every side somebody said that it heard nothing any more of somebody on another. A cut
 * that only one side sees is one-way. Never fails: it says whether the system was tested.
 */
export const seenFromBothSides: Check = {
  name,
  summary: "Of every cut, nodes of each side said that they heard nothing any more of the others.",
  check: ({ plan, history }) => {
    const cuts = cutsIn(plan, history);
    if (cuts.length === 0) return unknownVerdict(name, "no cut between sides took hold");
    const seen = cuts.map((cut) => ({ cut, witnesses: witnessesOf(cut, plan) }));
    const blind = seen.find(({ witnesses }) => witnesses.some((count) => count === 0));
    if (blind !== undefined) {
      const { cut, witnesses } = blind;
      const sides = cut.sides.flatMap((side, index) => (witnesses[index] === 0 ? [shown(side)] : []));
      return unknownVerdict(
        name,
        `${cut.span.fault} was not seen from the side of ${sides.join(", nor from that of ")}`,
      );
    }
    const texts = seen.map(({ cut, witnesses }) => {
      const sides = cut.sides.map((side, index) => `${witnesses[index] ?? 0} of ${side.length} nodes`);
      return {
        text: `${cut.span.fault} was seen by ${sides.join(" on one side, ")} on the other`,
        atMs: [cut.span.injectedMs],
      };
    });
    const [first, ...rest] = texts;
    if (first === undefined) return unknownVerdict(name, "no cut between sides took hold");
    return { check: name, status: "pass", evidence: [first, ...rest] };
  },
};

/** On each side, how many nodes were seen to hear nothing of somebody on another. */
function witnessesOf({ span, sides }: Cut, plan: Plan): readonly number[] {
  const seen = new Set(span.seen);
  return sides.map((side) => {
    const here = new Set(side);
    const others = new Set(sides.flat().filter((node) => !here.has(node)));
    const links = plan.links.filter(({ from, to }) => others.has(from) && here.has(to));
    return new Set(links.filter((link) => seen.has(signName({ sign: "unheard", link }))).map(({ to }) => to)).size;
  });
}

function shown(side: readonly string[]): string {
  return `${side.slice(0, 3).join(", ")}${side.length > 3 ? ` and ${side.length - 3} more` : ""}`;
}
