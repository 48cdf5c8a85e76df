import type { ToxicKind } from "../toxic-kind.ts";
import { acceptStall } from "./accept-stall.ts";
import { bandwidth } from "./bandwidth.ts";
import { bandwidthShared } from "./bandwidth-shared.ts";
import { blackhole } from "./blackhole.ts";
import { corrupt } from "./corrupt.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { noop } from "./noop.ts";
import { packetLoss } from "./packet-loss.ts";
import { refuse } from "./refuse.ts";
import { resetPeer } from "./reset-peer.ts";
import { reset } from "./reset.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { stall } from "./stall.ts";
import { timeout } from "./timeout.ts";

/** Every type of toxic by the name it has on the wire. To add one: its file, and one line here. */
export const toxicKinds = {
  accept_stall: acceptStall,
  bandwidth,
  bandwidth_shared: bandwidthShared,
  blackhole,
  corrupt,
  latency,
  limit_data: limitData,
  noop,
  packet_loss: packetLoss,
  refuse,
  reset,
  reset_peer: resetPeer,
  slicer,
  slow_close: slowClose,
  stall,
  timeout,
} as const satisfies Record<string, ToxicKind>;
