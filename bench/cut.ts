import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { action, linkName, type Action, type Link } from "../src/core/action.ts";
import type { HttpTransport } from "../src/core/operation-answer.ts";
import { randomStream } from "../src/core/random.ts";
import { pause } from "../src/core/wait.ts";
import { hereOnLoopback } from "../src/core/link-driver.ts";
import { BuiltinLinks } from "../src/drivers/builtin-links.ts";
import { openHttp } from "../src/drivers/http.ts";
import { Ports } from "../src/drivers/ports.ts";
import { startProxyProcess } from "../src/drivers/proxy-process.ts";
import { placementOf } from "../src/engine/placement.ts";
import { loadTarget } from "../src/targets/load.ts";
import type { Command, Report } from "./cut-traffic.ts";
import { median, nowMs } from "./figures.ts";

/**
 * How long it takes to cut a hundred nodes in two halves, on the built-in proxy as a run has it: from the call of the driver until the last byte
 * came through any link that is cut (`stall`), or until the last connection was closed (`reset`). Beside it the same by single calls of the API.
 */
const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "100" },
    rounds: { type: "string", default: "5" },
    every: { type: "string", default: "20" },
    seed: { type: "string", default: "cut" },
  },
});

/** After so long without a byte or a close nothing more comes, ms. */
const QUIET_MS = 300;
const goals = { stall: 20, reset: 100 } as const;
const ways = ["in one act", "by single calls"] as const;
type Cut = keyof typeof goals;
type Way = (typeof ways)[number];

/** Of one cut, ms from the call: when nothing more came through, when the call ended, when the driver had read the cut back. */
interface Round {
  readonly doneMs: number;
  readonly appliedMs: number;
  readonly readMs: number;
}

/** The process that has both ends of every link that crosses the cut. */
interface Traffic {
  readonly child: ChildProcess;
  readonly port: number;
}

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)));
}
try {
  await main(interrupted.signal);
} catch (thrown) {
  if (!interrupted.signal.aborted) throw thrown;
  console.error("interrupted; everything that was started is ended");
  process.exitCode = 130;
}

async function main(signal: AbortSignal): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const target = loadTarget(join(root, "fixtures", "targets", "reference.yaml"));
  const { nodes, links } = placementOf(target, { nodes: Number(values.nodes), joiners: 0, seed: values.seed });
  const half = new Set(
    randomStream(values.seed, "halves")
      .shuffled(nodes)
      .slice(0, nodes.length / 2),
  );
  const crossing = links.filter(({ from, to }) => half.has(from) !== half.has(to));
  const ports = undo.adopt(new Ports(), (held) => held.dispose());
  const http = undo.adopt(openHttp(), (open) => open.close());
  const proxy = undo.adopt(await startProxyProcess("bench-cut", signal), (started) => started.dispose());
  const traffic = undo.adopt(await startTraffic(signal), ({ child }) => void child.kill("SIGKILL"));
  const server = { url: proxy.url, run: "bench", place: hereOnLoopback };
  const drivers = {
    "in one act": new BuiltinLinks({ ...server, send: http.send }),
    "by single calls": new BuiltinLinks({ ...server, send: bySingleCalls(http.send) }),
  };
  const listen = await ports.take(links.length);
  const reach = await drivers["in one act"].populate(
    links.map((link, index) => ({
      link,
      port: listen[index] ?? 0,
      upstream: `127.0.0.1:${traffic.port}`,
    })),
    signal,
  );
  console.log(
    `${nodes.length} nodes, ${links.length} links, ${crossing.length} of them cut; a message every ${values.every} ms on each`,
  );
  const into = crossing.map((link) => reach.get(linkName(link)) ?? "");
  const rounds = new Map<string, Round[]>();
  // Interleaved, so that a busy moment of the machine falls on all of them.
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const cut of ["stall", "reset"] as const) {
      for (const way of ways) {
        const batch = actionsOf(crossing, cut, round);
        const taken = await cutOnce({ driver: drivers[way], traffic, into, batch, cut, signal });
        rounds.set(`${cut} ${way}`, [...(rounds.get(`${cut} ${way}`) ?? []), taken]);
      }
    }
  }
  print(rounds);
}

interface Cutting {
  readonly driver: BuiltinLinks;
  readonly traffic: Traffic;
  readonly into: readonly string[];
  readonly batch: readonly Action[];
  readonly cut: Cut;
  readonly signal: AbortSignal;
}

async function cutOnce({ driver, traffic, into, batch, cut, signal }: Cutting): Promise<Round> {
  await ask(traffic, { kind: "connect", reach: into, everyMs: Number(values.every) }, signal);
  await flowing(traffic, signal);
  const fromMs = nowMs();
  await driver.apply(batch, signal);
  const appliedMs = nowMs() - fromMs;
  const readings = await driver.read(batch, signal);
  const readMs = nowMs() - fromMs;
  if (readings.some((reading) => reading !== "in-force")) throw new Error(`the ${cut} is not in force on every link`);
  await pause(QUIET_MS, signal);
  const { arrivedMs, closedMs } = await told(traffic, signal);
  const askedMs = nowMs();
  if (cut === "reset" && closedMs.includes(0)) throw new Error("a connection outlived its reset");
  const doneMs = Math.max(fromMs, ...(cut === "stall" ? arrivedMs : closedMs));
  if (askedMs - doneMs < QUIET_MS / 3) throw new Error(`bytes come through the ${cut}`);
  await driver.remove(batch, signal);
  return { doneMs: doneMs - fromMs, appliedMs, readMs };
}

/** Waits until bytes come through every link. */
async function flowing(traffic: Traffic, signal: AbortSignal): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
  const fromMs = nowMs() + QUIET_MS;
  for (;;) {
    const { arrivedMs } = await told(traffic, limited);
    if (arrivedMs.every((atMs) => atMs > fromMs)) return;
    await pause(50, limited);
  }
}

async function told(traffic: Traffic, signal: AbortSignal): Promise<Report & { readonly kind: "told" }> {
  const report = await ask(traffic, { kind: "tell" }, signal);
  if (report.kind !== "told") throw new Error(`the traffic's process answered ${report.kind}`);
  return report;
}

async function ask({ child }: Traffic, command: Command, signal: AbortSignal): Promise<Report> {
  const answered = once(child, "message", { signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]) });
  child.send(command);
  const [report]: Report[] = await answered;
  if (report === undefined) throw new Error("the traffic's process said nothing");
  return report;
}

async function startTraffic(signal: AbortSignal): Promise<Traffic> {
  const child = fork(join(import.meta.dirname, "cut-traffic.ts"));
  const [report]: Report[] = await once(child, "message", { signal });
  if (report?.kind !== "ready") throw new Error("the traffic's process did not start");
  return { child, port: report.port };
}

/** What one act is made of, as it would be on a real Toxiproxy: a call for each toxic. */
function bySingleCalls(send: HttpTransport): HttpTransport {
  return async (asked, signal) => {
    if (asked.path !== "/prism/apply") return send(asked, signal);
    const change: Change = JSON.parse(asked.body ?? "{}");
    const { add, remove } = change;
    const calls = [
      ...add.map(({ proxy, toxic }) => ({
        method: "POST",
        path: `/proxies/${proxy}/toxics`,
        body: JSON.stringify(toxic),
      })),
      ...remove.map(({ proxy, name }) => ({ method: "DELETE", path: `/proxies/${proxy}/toxics/${name}`, body: null })),
    ];
    const answers = await Promise.all(calls.map((call) => send({ ...asked, ...call }, signal)));
    return (
      answers.find((answer) => !answer.answered || answer.status >= 300) ?? { answered: true, status: 200, body: "" }
    );
  };
}

interface Change {
  readonly add: readonly { readonly proxy: string; readonly toxic: object }[];
  readonly remove: readonly { readonly proxy: string; readonly name: string }[];
}

function actionsOf(links: readonly Link[], cut: Cut, round: number): readonly Action[] {
  return links.map((link) =>
    action({
      fault: `round-${round}`,
      capability: `link.${cut}`,
      subject: { kind: "link", link },
      params: {},
      undo: "remove",
    }),
  );
}

function print(rounds: ReadonlyMap<string, readonly Round[]>): void {
  for (const [cut, goalMs] of Object.entries(goals)) {
    const done = (way: Way): readonly number[] => (rounds.get(`${cut} ${way}`) ?? []).map(({ doneMs }) => doneMs);
    const what = cut === "stall" ? "last byte through" : "last connection closed";
    console.log(`${cut}: from the call to the ${what}, ms (goal: < ${goalMs})`);
    for (const way of ways) {
      const taken = rounds.get(`${cut} ${way}`) ?? [];
      const middle = (of: keyof Round): string => median(taken.map((round) => round[of])).toFixed(1);
      const all = done(way).map((ms) => ms.toFixed(1));
      console.log(
        `  ${way.padEnd(16)} median ${middle("doneMs")}, worst ${Math.max(...done(way)).toFixed(1)} (${all.join(", ")}); the call took ${middle("appliedMs")}, read back after ${middle("readMs")}`,
      );
    }
    const [medianMs, worstMs] = [median(done("in one act")), Math.max(...done("in one act"))];
    const held = (ms: number): string => (ms < goalMs ? "met" : "missed");
    const ratio = (median(done("by single calls")) / medianMs).toFixed(1);
    console.log(
      `  single calls / one act ${ratio}; in one act the goal is ${held(medianMs)} by the median, ${held(worstMs)} by the worst`,
    );
  }
}
