import type { Fault } from "../core/fault.ts";
import { alterRecord } from "./alter-record.ts";
import { bandwidth } from "./bandwidth.ts";
import { bitFlip } from "./bit-flip.ts";
import { bridge } from "./bridge.ts";
import { clockSkew } from "./clock-skew.ts";
import { corrupt } from "./corrupt.ts";
import { cpuLimit } from "./cpu-limit.ts";
import { crashLoop } from "./crash-loop.ts";
import { descriptorLimit } from "./descriptor-limit.ts";
import { diskFill } from "./disk-fill.ts";
import { exec } from "./exec.ts";
import { folderFailure } from "./folder-failure.ts";
import { hook } from "./hook.ts";
import { isolate } from "./isolate.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { majoritiesRing } from "./majorities-ring.ts";
import { memoryLimit } from "./memory-limit.ts";
import { oneWay } from "./one-way.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { reset } from "./reset.ts";
import { restart } from "./restart.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { serviceFailure } from "./service-failure.ts";
import { stall } from "./stall.ts";
import { tornWrite } from "./torn-write.ts";
import { truncate } from "./truncate.ts";

/** Every kind of fault, by the name that a scenario uses. */
export const faults = {
  "alter-record": alterRecord,
  bandwidth,
  "bit-flip": bitFlip,
  bridge,
  "clock-skew": clockSkew,
  corrupt,
  "cpu-limit": cpuLimit,
  "crash-loop": crashLoop,
  "descriptor-limit": descriptorLimit,
  "disk-fill": diskFill,
  exec,
  "folder-failure": folderFailure,
  hook,
  isolate,
  kill,
  latency,
  "majorities-ring": majoritiesRing,
  "memory-limit": memoryLimit,
  "one-way": oneWay,
  partition,
  pause,
  reset,
  restart,
  "rolling-restart": rollingRestart,
  "service-failure": serviceFailure,
  stall,
  "torn-write": tornWrite,
  truncate,
} as const satisfies Record<string, Fault>;
