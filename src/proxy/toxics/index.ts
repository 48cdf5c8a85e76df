import type { ToxicKind } from "../toxic-kind.ts";
import { bandwidth } from "./bandwidth.ts";
import { corrupt } from "./corrupt.ts";
import { latency } from "./latency.ts";
import { noop } from "./noop.ts";
import { resetPeer } from "./reset-peer.ts";
import { reset } from "./reset.ts";
import { stall } from "./stall.ts";
import { timeout } from "./timeout.ts";

/** Every type of toxic by the name it has on the wire. To add one: its file, and one line here. */
export const toxicKinds = {
  bandwidth,
  corrupt,
  latency,
  noop,
  reset,
  reset_peer: resetPeer,
  stall,
  timeout,
} as const satisfies Record<string, ToxicKind>;
