import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { directionParam, hitLinks, linkSeed, onLinks } from "./hit-links.ts";
import { closed, timeMs, timeParam } from "./parameters.ts";

/** Every byte of a link arrives later, in order. */
export const latency = defineFault({
  name: "latency",
  summary: "Delay what nodes send to each other; order is kept.",
  params: Type.Object(
    {
      delay: timeParam({ description: "How much later bytes arrive, one way.", examples: ["100ms"] }),
      jitter: Type.Optional(
        timeParam({
          description: "By how much at most the delay goes up and down, drawn from the seed for each piece.",
          examples: ["20ms"],
          default: "0ms",
        }),
      ),
      direction: directionParam,
    },
    closed,
  ),
  takes: "either",
  capabilities: () => ["link.latency"],
  work: ({ delay, jitter, direction }, input) => {
    const [delayMs, jitterMs] = [timeMs(delay), timeMs(jitter)];
    // A piece may be early by all of the jitter, and what is measured is a round trip: nearly all of the delay must show.
    const atLeastMs = Math.max(1, Math.floor(0.9 * (delayMs - jitterMs)));
    return onLinks(input, hitLinks(input, direction), {
      capability: "link.latency",
      params: (link) => ({ delayMs, jitterMs, seed: linkSeed(input, link) }),
      sign: (link) => ({ sign: "slow", link, atLeastMs }),
    });
  },
});
