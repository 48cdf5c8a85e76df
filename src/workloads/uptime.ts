import { pause } from "../core/wait.ts";
import { randomStream } from "../core/random.ts";
import { uptimeRequests } from "../core/uptime.ts";
import type { WorkloadContext } from "../core/workload.ts";

const retryAfterMs = 50;
const attemptLimitMs = 1000;

/**
 * Open loop beside the workload: a request is due each 100 ms whatever became of the one before, and tries one node after another until one
 * answers or its time is over. Each request is a client of its own in the history: `uptime.<number>`.
 */
export async function runUptimeClients(context: WorkloadContext): Promise<void> {
  const random = randomStream(context.seed, "uptime");
  const underWay: Promise<void>[] = [];
  const startMs = context.clock.nowMs();
  for (let number = 0; !context.stop.aborted; number += 1) {
    await pause(startMs + number * uptimeRequests.everyMs - context.clock.nowMs(), context.stop).catch(() => undefined);
    if (context.stop.aborted) break;
    underWay.push(request(number, random.shuffled(context.nodes), context));
  }
  await Promise.all(underWay);
}

async function request(number: number, nodes: readonly string[], context: WorkloadContext): Promise<void> {
  const deadline = AbortSignal.any([AbortSignal.timeout(uptimeRequests.answerLimitMs), context.abandoned]);
  const isWrite = number % 2 === 0;
  for (let attempt = 0; !deadline.aborted; attempt += 1) {
    const got = await context.perform(
      {
        client: `${uptimeRequests.clientPrefix}${number}`,
        process: context.freshProcess(),
        kind: isWrite ? "write" : "read",
        key: "uptime",
        value: isWrite ? `uptime#${number}.${attempt}` : null,
        expected: null,
        node: nodes[attempt % nodes.length] ?? "",
      },
      AbortSignal.any([deadline, AbortSignal.timeout(attemptLimitMs)]),
    );
    if (got.outcome === "ok") return;
    await pause(retryAfterMs, deadline).catch(() => undefined);
  }
}
