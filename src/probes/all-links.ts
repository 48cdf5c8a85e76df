import { isList } from "../core/json.ts";
import { type Probe, sampleValue } from "../core/probe.ts";

/** A link counts as carrying bytes if something arrived over it this recently, in ms. */
const freshMs = 1000;

/** Every node has lately heard of every other; of a system that only says who is connected now: every node is connected to every other. */
export const allLinks: Probe = {
  name: "all-links",
  summary: `Every node has heard of every other within the last ${freshMs} ms, or says that it is connected to it.`,
  operation: "peers",
  scope: "members",
  holds: (latest, nodes) =>
    nodes.every((node) => {
      const peers = sampleValue(latest.get(node), "peers");
      const heardMs = sampleValue(latest.get(node), "heardMs");
      if (!isList(peers)) return false;
      if (heardMs === undefined) return nodes.every((other) => other === node || peers.includes(other));
      if (!isList(heardMs)) return false;
      return nodes.every((other) => {
        const heard = heardMs[peers.indexOf(other)];
        return other === node || (typeof heard === "number" && heard <= freshMs);
      });
    }),
};
