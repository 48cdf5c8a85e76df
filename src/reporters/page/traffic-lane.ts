import { formatMs } from "../../core/duration.ts";
import type { Bucket } from "./buckets.ts";
import type { Lane } from "./lane.ts";
import { block } from "./svg.ts";
import type { TimeAxis } from "./time-axis.ts";

const heightPx = 84;
const kinds = ["ok", "unmatched", "info", "refused"] as const;

/** How many operations ended how in each stretch, one on the other. */
export function trafficLane(buckets: readonly Bucket[], axis: TimeAxis): Lane {
  const sum = (bucket: Bucket): number => kinds.reduce((all, kind) => all + bucket[kind], 0);
  const most = Math.max(1, ...buckets.map(sum));
  return {
    name: "Operations",
    notes: [`per ${formatMs(axis.bucketMs)}`, `at most ${most}`],
    heightPx,
    draw: (topPx) => buckets.map((bucket) => bars(bucket, { axis, topPx, unitPx: heightPx / most })).join(""),
  };
}

function bars(
  bucket: Bucket,
  { axis, topPx, unitPx }: { readonly axis: TimeAxis; readonly topPx: number; readonly unitPx: number },
): string {
  const x = axis.at(bucket.fromMs);
  const width = axis.at(bucket.fromMs + axis.bucketMs) - x - 0.6;
  let y = topPx + heightPx;
  return kinds
    .map((kind) => {
      const height = bucket[kind] * unitPx;
      y -= height;
      return height === 0 ? "" : block(kind, { x, y, width, height });
    })
    .join("");
}
