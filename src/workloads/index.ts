import type { Workload } from "../core/workload.ts";
import { register } from "./register.ts";

/** Every kind of traffic, by the name that a scenario uses. */
export const workloads = { register } as const satisfies Record<string, Workload>;

export { runEditors } from "./editors.ts";
export { runUptimeClients } from "./uptime.ts";
