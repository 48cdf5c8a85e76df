import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pause } from "../src/core/wait.ts";
import type { Command, Report } from "./cut-traffic.ts";
import { median, nowMs } from "./figures.ts";
import { callApi, type Part, startBuiltIn, startToxiproxy } from "./proxy-parts.ts";

const LINKS = 1000;
/** Calls at once, where there is one for each link. */
const AT_ONCE = 16;
/** A message every so many ms on each link. */
const EVERY_MS = 20;
/** After so long without a byte or a close nothing more comes, ms. */
const QUIET_MS = 300;
/** ms. */
const goals = { populate: 50, stall: 20, reset: 100 } as const;
/**
 * Below those that the system hands out: while many connections of a round before are not forgotten yet (TIME_WAIT), the system looks for a free port
 * for longer than everything else takes. A run names its ports too.
 */
const firstPorts: Readonly<Record<string, number>> = { "built-in": 20_000, toxiproxy: 22_000 };
type Act = keyof typeof goals;
const acts = ["populate", "stall", "reset"] as const;

/** Prints how long it takes to open a thousand proxies by one call, and from the call until the last of a thousand links is silent, or reset. */
export async function benchControl(rounds: number, signal: AbortSignal): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const servers = {
    "built-in": undo.use(await startBuiltIn(signal)),
    toxiproxy: undo.use(await startToxiproxy(signal)),
  };
  const traffic = fork(join(import.meta.dirname, "cut-traffic.ts"));
  undo.defer(() => void traffic.kill("SIGKILL"));
  const [ready]: Report[] = await once(traffic, "message", { signal });
  if (ready?.kind !== "ready") throw new Error("the traffic's process did not start");
  const taken = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, server] of Object.entries(servers)) {
      const names = Array.from({ length: LINKS }, (_, index) => `r${round}-${index}`);
      const { listen, tookMs } = await populate(server, names, { upstream: ready.port, from: firstPorts[name] ?? 0 });
      note(taken, `populate ${name}`, tookMs);
      for (const cut of ["stall", "reset"] as const) {
        await ask(traffic, { kind: "connect", reach: listen, everyMs: EVERY_MS }, signal);
        await flowing(traffic, signal);
        note(
          taken,
          `${cut} ${name}`,
          await cutMs(cut, { server, names, traffic, isReal: name === "toxiproxy", signal }),
        );
        await callApi(server.port, "/reset", {});
      }
      await Promise.all(
        names.map((one) => fetch(`http://127.0.0.1:${server.port}/proxies/${one}`, { method: "DELETE" })),
      );
    }
  }
  print(taken, rounds);
}

async function populate(
  server: Part,
  names: readonly string[],
  { upstream, from }: { readonly upstream: number; readonly from: number },
): Promise<{ readonly listen: readonly string[]; readonly tookMs: number }> {
  const proxies = names.map((name, index) => ({
    name,
    listen: `127.0.0.1:${from + index}`,
    upstream: `127.0.0.1:${upstream}`,
  }));
  const fromMs = nowMs();
  await callApi(server.port, "/populate", proxies);
  return { listen: proxies.map(({ listen }) => listen), tookMs: nowMs() - fromMs };
}

interface Cutting {
  readonly server: Part;
  readonly names: readonly string[];
  readonly traffic: ChildProcess;
  readonly isReal: boolean;
  readonly signal: AbortSignal;
}

/** From the call to the last byte through any link, or to the last close, ms. */
async function cutMs(cut: "stall" | "reset", cutting: Cutting): Promise<number> {
  const { traffic, signal } = cutting;
  const fromMs = nowMs();
  if (cutting.isReal) await cutSingly(cut, cutting);
  else await cutAtOnce(cut, cutting);
  await pause(QUIET_MS, signal);
  const { arrivedMs, closedMs } = await told(traffic, signal);
  if (cut === "reset" && closedMs.includes(0)) throw new Error("a connection outlived its reset");
  const doneMs = Math.max(fromMs, ...(cut === "stall" ? arrivedMs : closedMs));
  if (nowMs() - doneMs < QUIET_MS / 3) throw new Error(`bytes come through the ${cut}`);
  return doneMs - fromMs;
}

async function cutAtOnce(cut: "stall" | "reset", { server, names }: Cutting): Promise<void> {
  const add = names.map((proxy) => ({ proxy, toxic: { name: cut, type: cut, stream: "upstream" } }));
  await callApi(server.port, "/prism/apply", { add });
}

/** The nearest that a real one has: a rate of 0 keeps bytes waiting, and a disabled proxy closes what is there. */
async function cutSingly(cut: "stall" | "reset", { server, names }: Cutting): Promise<void> {
  const left = [...names];
  const one = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const toxic = { type: "bandwidth", stream: "upstream", attributes: { rate: 0 } };
      if (cut === "stall") await callApi(server.port, `/proxies/${name}/toxics`, toxic);
      else await callApi(server.port, `/proxies/${name}`, { enabled: false });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Waits until bytes come through every link. */
async function flowing(traffic: ChildProcess, signal: AbortSignal): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  const fromMs = nowMs() + QUIET_MS;
  for (;;) {
    const { arrivedMs } = await told(traffic, limited);
    if (arrivedMs.every((atMs) => atMs > fromMs)) return;
    await pause(50, limited);
  }
}

async function told(traffic: ChildProcess, signal: AbortSignal): Promise<Report & { readonly kind: "told" }> {
  const report = await ask(traffic, { kind: "tell" }, signal);
  if (report.kind !== "told") throw new Error(`the traffic's process answered ${report.kind}`);
  return report;
}

async function ask(traffic: ChildProcess, command: Command, signal: AbortSignal): Promise<Report> {
  const answered = once(traffic, "message", { signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]) });
  traffic.send(command);
  const [report]: Report[] = await answered;
  if (report === undefined) throw new Error("the traffic's process said nothing");
  return report;
}

function note(taken: Map<string, number[]>, key: string, ms: number): void {
  taken.set(key, [...(taken.get(key) ?? []), ms]);
}

function print(taken: ReadonlyMap<string, readonly number[]>, rounds: number): void {
  const what: Readonly<Record<Act, string>> = {
    populate: "one call that opens them",
    stall: "call to the last byte through",
    reset: "call to the last connection closed",
  };
  console.log(`${LINKS} links, a message every ${EVERY_MS} ms on each; medians of ${rounds} interleaved rounds, ms`);
  for (const act of acts) {
    const ours = taken.get(`${act} built-in`) ?? [];
    const theirs = taken.get(`${act} toxiproxy`) ?? [];
    const isMet = median(ours) < goals[act] ? "met" : "missed";
    console.log(
      `  ${act.padEnd(8)} ${what[act]}: built-in ${median(ours).toFixed(1)} (worst ${Math.max(...ours).toFixed(1)}; goal < ${goals[act]}: ${isMet}), toxiproxy ${median(theirs).toFixed(1)}, ratio ${(median(theirs) / median(ours)).toFixed(1)}`,
    );
  }
}
