import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { atPointer, isList, parseJson, type Json } from "../src/core/json.ts";
import type { HttpTransport } from "../src/core/operation-answer.ts";
import { pause, within } from "../src/core/wait.ts";
import { openHttp } from "../src/drivers/http.ts";
import { NodeProcesses } from "../src/drivers/node-processes.ts";
import { Ports } from "../src/drivers/ports.ts";
import { nowMs } from "./figures.ts";
import { bareNodes, swarmNodes, type BenchNode } from "./node-commands.ts";
import { cpuMs, memoryMiB } from "./process-figures.ts";

/**
 * What nodes of the reference swarm cost, for several sizes, beside as many bare Node processes that only answer 200: how long they take to start,
 * their memory, and their CPU time until they are ready and when nothing happens. On direct addresses, without a proxy and without faults.
 */
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "5,20,50,100" },
    idle: { type: "string", default: "10" },
    seed: { type: "string", default: "swarm" },
  },
});
const idleMs = Number(values.idle) * 1000;

const START_LIMIT_MS = 120_000;
const ASK_EVERY_MS = 100;
/** Between the last connection and the first idle second, ms: what the start set off has ended by then. */
const SETTLE_MS = 5000;
/** From its last word on a peer counts as silent, ms (reference swarm). */
const SILENT_MS = 2500;

/** Of one group of processes. Memory and CPU are means over its nodes. */
const figures = {
  healthyMs: "start: all healthy, ms",
  connectedMs: "start: all connected, ms",
  rssMiB: "RSS a node, MiB",
  pssMiB: "PSS a node, MiB",
  startCpuMs: "CPU a node until ready, ms",
  idleCpuMs: "CPU a node and second, idle, ms",
} as const;
type Measured = Readonly<Record<keyof typeof figures, number>>;

/** The two that are measured side by side. */
interface Pair {
  readonly size: number;
  readonly swarm: Measured;
  readonly bare: Measured;
}

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => interrupted.abort(new Error(`ended by ${name}`)));
}
try {
  await main(interrupted.signal);
} catch (thrown) {
  if (!interrupted.signal.aborted) throw thrown;
  console.error("interrupted; everything that was started is ended");
  process.exitCode = 130;
}

async function main(signal: AbortSignal): Promise<void> {
  const pairs: Pair[] = [];
  for (const size of values.sizes.split(",").map(Number)) {
    await using undo = new AsyncDisposableStack();
    const folder = undo.adopt(mkdtempSync(join(tmpdir(), "bench-swarm-")), (made) => rmSync(made, { recursive: true }));
    const ports = undo.adopt(new Ports(), (held) => held.dispose());
    const swarm = await swarmNodes(size, { ports, folder: join(folder, "swarm"), seed: values.seed });
    const bare = await bareNodes(swarm, { ports, folder: join(folder, "bare") });
    const pair = {
      size,
      bare: await measure(bare, { isConnected: () => true, signal }),
      swarm: await measure(swarm, { isConnected: (answer) => isConnected(answer, size), signal }),
    };
    printPair(pair);
    pairs.push(pair);
  }
  printGrowth(pairs);
}

interface Measuring {
  /** Whether a node's answer about its peers says that it is one of the swarm. */
  readonly isConnected: (answer: Json) => boolean;
  readonly signal: AbortSignal;
}

/** Starts the processes, waits until they are ready, looks at them, and ends them, also if any of it fails. */
async function measure(nodes: readonly BenchNode[], { isConnected: holds, signal }: Measuring): Promise<Measured> {
  await using undo = new AsyncDisposableStack();
  const ended = new AbortController();
  const processes = new NodeProcesses("bench-swarm", ({ node, code, signal: by }) =>
    ended.abort(new Error(`${node} ended: ${by ?? code}`)),
  );
  undo.defer(() => processes.dispose(AbortSignal.timeout(10_000)));
  const http = undo.adopt(openHttp(), (open) => open.close());
  const either = AbortSignal.any([signal, ended.signal]);
  const fromMs = nowMs();
  const pids = nodes.map((node) => processes.start(node.process).pid);
  const asking = { nodes, send: http.send, signal: within(START_LIMIT_MS, either) };
  await untilAll({ ...asking, path: "/api/v1/system/health", holds: () => true });
  const healthyMs = nowMs() - fromMs;
  await untilAll({ ...asking, path: "/api/v1/network/peers", holds });
  const connectedMs = nowMs() - fromMs;
  const readyCpuMs = total(pids, cpuMs);
  await pause(SETTLE_MS, either);
  const [beforeMs, beforeCpuMs] = [nowMs(), total(pids, cpuMs)];
  await pause(idleMs, either);
  const idleCpuMs = (total(pids, cpuMs) - beforeCpuMs) / ((nowMs() - beforeMs) / 1000);
  const memory = pids.map(memoryMiB);
  const mean = (sum: number): number => sum / nodes.length;
  return {
    healthyMs,
    connectedMs,
    rssMiB: mean(total(memory, ({ rss }) => rss)),
    pssMiB: mean(total(memory, ({ pss }) => pss)),
    startCpuMs: mean(readyCpuMs),
    idleCpuMs: mean(idleCpuMs),
  };
}

interface Asking {
  readonly nodes: readonly BenchNode[];
  readonly send: HttpTransport;
  readonly path: string;
  readonly holds: (answer: Json) => boolean;
  readonly signal: AbortSignal;
}

/** Asks every node until it has answered so once; one that has is not asked again. */
async function untilAll({ nodes, send, path, holds, signal }: Asking): Promise<void> {
  let left = nodes;
  for (;;) {
    const answers = await Promise.all(
      left.map(async (node) => {
        const { host, ports } = node.address;
        const request = { host, port: ports["http"] ?? 0, method: "GET", path, headers: {}, body: null };
        const answer = await send(request, within(2000, signal));
        return answer.answered && answer.status === 200 && holds(parseJson(answer.body)?.value ?? null);
      }),
    );
    left = left.filter((_node, index) => answers[index] !== true);
    if (left.length === 0) return;
    await pause(ASK_EVERY_MS, signal);
  }
}

/** Three live peers, and half of all members known. */
function isConnected(answer: Json, size: number): boolean {
  const [peers, members] = [atPointer(answer, "/peers"), atPointer(answer, "/members")];
  if (!isList(peers) || !isList(members)) return false;
  const live = peers.filter((peer) => {
    const heardMs = atPointer(peer, "/heard_ms");
    return typeof heardMs === "number" && heardMs < SILENT_MS;
  });
  return live.length >= Math.min(3, size - 1) && members.length >= size / 2;
}

function total<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}

function printPair({ size, swarm, bare }: Pair): void {
  console.log(`${size} nodes${" ".repeat(33 - String(size).length)} swarm      bare  swarm / bare`);
  for (const [figure, title] of named()) {
    console.log(
      `  ${title.padEnd(32)} ${shown(swarm[figure])} ${shown(bare[figure])}  ${ratio(swarm[figure], bare[figure])}`,
    );
  }
}

/** How each figure grows from the smallest size to the largest: 1 where a node costs the same among many as among few. */
function printGrowth(pairs: readonly Pair[]): void {
  const [least, most] = [pairs[0], pairs.at(-1)];
  if (least === undefined || most === undefined || least === most) return;
  console.log(`growth, ${most.size} nodes / ${least.size} nodes     swarm      bare`);
  for (const [figure, title] of named()) {
    const grown = (of: "swarm" | "bare"): string => ratio(most[of][figure], least[of][figure]);
    console.log(`  ${title.padEnd(32)} ${grown("swarm")} ${grown("bare")}`);
  }
}

function named(): readonly (readonly [keyof Measured, string])[] {
  const { healthyMs, connectedMs, rssMiB, pssMiB, startCpuMs, idleCpuMs } = figures;
  return [
    ["healthyMs", healthyMs],
    ["connectedMs", connectedMs],
    ["rssMiB", rssMiB],
    ["pssMiB", pssMiB],
    ["startCpuMs", startCpuMs],
    ["idleCpuMs", idleCpuMs],
  ];
}

function shown(figure: number): string {
  return figure.toFixed(figure < 100 ? 1 : 0).padStart(9);
}

/** A dash where the other is too small to be told from nothing. */
function ratio(one: number, other: number): string {
  return (other < 0.1 ? "–" : (one / other).toFixed(2)).padStart(9);
}
