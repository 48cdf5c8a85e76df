import type { SideClients, Workload } from "../core/workload.ts";
import { runBlocks } from "./blocks.ts";
import { runEditors } from "./editors.ts";
import { register } from "./register.ts";
import { runTasks } from "./tasks.ts";

/** Every kind of traffic, by the name that a scenario uses. */
export const workloads = { register } as const satisfies Record<string, Workload>;

/** Clients beside the workload. */
export const sideClients: SideClients = { editors: runEditors, blocks: runBlocks, tasks: runTasks };

export { runUptimeClients } from "./uptime.ts";
