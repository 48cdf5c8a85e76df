import { Type } from "typebox";
import { byteSize } from "../core/byte-size.ts";
import { defineFault } from "./define-fault.ts";
import { directionParam, hitLinks, onLinks } from "./hit-links.ts";
import { closed } from "./parameters.ts";

/** The least that nodes send to keep a link alive, in bytes: so much takes its time even where nothing else is sent. */
const leastMessageBytes = 20;
/** A round trip that takes no longer than this shows nothing, in ms. */
const leastMs = 5;

/** So many bytes a second go through each link; the others wait. */
export const bandwidth = defineFault({
  name: "bandwidth",
  summary: "Let only so many bytes a second through each link; the others wait.",
  params: Type.Object(
    {
      rate: Type.String({
        pattern: "^[0-9]+(\\.[0-9]+)?(KB|MB|KiB|MiB)/s$",
        description:
          "Bytes a second on each link, at least 1KB/s. Seen only where the link's own traffic has to wait for it.",
        examples: ["1KB/s", "100KB/s"],
        "x-unit": "bytes a second: KB/s, MB/s, KiB/s or MiB/s",
      }),
      direction: directionParam,
    },
    closed,
  ),
  takes: "either",
  capabilities: () => ["link.bandwidth"],
  work: ({ rate, direction }, input) => {
    // Toxiproxy counts in whole KB, of 1000 bytes, a second.
    const rateKBs = Math.max(1, Math.round((byteSize(rate.replace("/s", "")) ?? 0) / 1000));
    return onLinks(input, hitLinks(input, direction), {
      capability: "link.bandwidth",
      params: () => ({ rateKBs }),
      sign: (link) => ({ sign: "slow", link, atLeastMs: Math.max(leastMs, Math.floor(leastMessageBytes / rateKBs)) }),
    });
  },
});
