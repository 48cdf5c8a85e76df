import type { Probe } from "../core/probe.ts";
import { allLinks } from "./all-links.ts";
import { healthy } from "./healthy.ts";
import { led } from "./led.ts";
import { noLeader } from "./no-leader.ts";
import { notThrottled } from "./not-throttled.ts";
import { oneSwarm } from "./one-swarm.ts";
import { oneLeader } from "./one-leader.ts";
import { replicasAgree } from "./replicas-agree.ts";
import { replicasConverged } from "./replicas-converged.ts";

/** Every probe, by the name that a scenario uses. */
export const probes = {
  "all-links": allLinks,
  healthy,
  led,
  "no-leader": noLeader,
  "not-throttled": notThrottled,
  "one-leader": oneLeader,
  "one-swarm": oneSwarm,
  "replicas-agree": replicasAgree,
  "replicas-converged": replicasConverged,
} as const satisfies Record<string, Probe>;
