import type { Probe } from "../core/probe.ts";
import { allLinks } from "./all-links.ts";
import { healthy } from "./healthy.ts";
import { noLeader } from "./no-leader.ts";
import { oneLeader } from "./one-leader.ts";
import { replicasAgree } from "./replicas-agree.ts";

/** Every probe, by the name that a scenario uses. */
export const probes = {
  "all-links": allLinks,
  healthy,
  "no-leader": noLeader,
  "one-leader": oneLeader,
  "replicas-agree": replicasAgree,
} as const satisfies Record<string, Probe>;
