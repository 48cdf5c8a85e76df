import type { Fault } from "../core/fault.ts";
import { hook } from "./hook.ts";
import { isolate } from "./isolate.ts";
import { kill } from "./kill.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";

/** Every kind of fault, by the name that a scenario uses. */
export const faults = { hook, isolate, kill, partition, pause } as const satisfies Record<string, Fault>;
