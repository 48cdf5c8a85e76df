import { pause } from "../core/wait.ts";
import { type Random, randomStream } from "../core/random.ts";
import type { OperationKind } from "../core/history-event.ts";
import type { Ask, Got, Workload, WorkloadContext } from "../core/workload.ts";

/** A client that was refused waits this long before it asks again, in ms. */
const backOffMs = 25;
/** This share of the writes goes to a key of its own, which is never written again: if it was acknowledged and is gone, it was lost. */
const freshShare = 0.5;
/** Clients of the final reads. */
const finalReaders = 10;
/** How often a final read that is not answered is asked again, on the next node. */
const finalAttempts = 20;

/**
 * Reads, writes and compare-and-sets of registers with values that are written once only, so that every read tells which write it saw.
 * Closed-loop clients: some speak to one node only, whatever happens to it; the others go to the next node when one does not serve them.
 */
export const register: Workload = {
  name: "register",
  summary: "Reads, writes and compare-and-sets with unique values; clients pinned to each node, and roaming ones.",
  operations: ["read", "write", "cas"],
  run: async (context) => {
    const { settings, nodes } = context;
    const pinned = nodes.flatMap((node) =>
      Array.from({ length: settings.clientsPerNode }, (_, index) => ({ name: `${node}.${index + 1}`, nodes: [node] })),
    );
    const roaming = Array.from({ length: settings.roamingClients }, (_, index) => {
      const name = `roaming.${index + 1}`;
      return { name, nodes: randomStream(context.seed, `nodes of ${name}`).shuffled(nodes) };
    });
    await Promise.all([...pinned, ...roaming].map((client) => runClient(client, context)));
  },
  finalReads: async (context, acknowledged) => {
    const shared = registerKeys(context).flatMap((key) => context.nodes.map((node) => ({ key, node })));
    const own = acknowledged
      .filter((key) => !registerKeys(context).includes(key))
      .map((key, index) => ({ key, node: context.nodes[index % context.nodes.length] ?? "" }));
    const work = [...shared, ...own];
    const readers = Array.from({ length: finalReaders }, async (_, index) => {
      for (let next = work.pop(); next !== undefined; next = work.pop()) {
        await readFinally({ ...next, client: `final.${index + 1}` }, context);
      }
    });
    await Promise.all(readers);
  },
};

interface Client {
  readonly name: string;
  /** The nodes that it goes round, in order. */
  readonly nodes: readonly string[];
}

async function runClient(client: Client, context: WorkloadContext): Promise<void> {
  const random = randomStream(context.seed, `client ${client.name}`);
  const known = new Map<string, string | null>();
  const pace = paceOf(context, random);
  let process = context.freshProcess();
  let turn = 0;
  let written = 0;
  await pause(pace.firstMs, context.stop).catch(() => undefined);
  while (!context.stop.aborted) {
    await context.unpaused();
    if (context.stop.aborted) return;
    const node = client.nodes[turn % client.nodes.length] ?? "";
    written += 1;
    const ask = nextAsk({ client: client.name, process, node, random, known, number: written }, context);
    // An operation under way when traffic ends is still awaited, within its own time-out.
    const got = await context.perform(ask, AbortSignal.timeout(context.settings.timeoutMs));
    learn(known, ask, got);
    if (got.outcome !== "ok") turn += 1;
    if (got.outcome === "info") process = context.freshProcess();
    await pause(pace.restMs(got.outcome === "ok"), context.stop).catch(() => undefined);
  }
}

/** How long a client waits, in ms: before its first operation, and after an answer. */
interface Pace {
  readonly firstMs: number;
  readonly restMs: (isOk: boolean) => number;
}

/**
 * By its think time, or until its next operation is due (at once, if it is late). Clients that keep a rate begin at drawn moments of their
 * period: all at once they would come in bursts.
 */
function paceOf({ settings, nodes, clock }: WorkloadContext, random: Random): Pace {
  const { ratePerSecond, thinkMs, clientsPerNode, roamingClients } = settings;
  if (ratePerSecond === null) return { firstMs: 0, restMs: (isOk) => (isOk ? thinkMs : backOffMs) };
  const everyMs = (1000 * (clientsPerNode * nodes.length + roamingClients)) / ratePerSecond;
  const firstMs = random.fraction() * everyMs;
  let dueMs = clock.nowMs() + firstMs;
  return {
    firstMs,
    restMs: () => {
      dueMs += everyMs;
      return Math.max(0, dueMs - clock.nowMs());
    },
  };
}

interface Turn {
  readonly client: string;
  readonly process: number;
  readonly node: string;
  readonly random: Random;
  readonly known: ReadonlyMap<string, string | null>;
  readonly number: number;
}

function nextAsk({ client, process, node, random, known, number }: Turn, context: WorkloadContext): Ask {
  const kind = draw(random, context);
  const keys = registerKeys(context);
  const key = keys[random.int(0, keys.length - 1)] ?? "";
  const value = `${client}#${number}`;
  const asked = { client, process, node, kind };
  if (kind === "read") return { ...asked, key, value: null, expected: null };
  if (kind === "cas") return { ...asked, key, value, expected: known.get(key) ?? null };
  return { ...asked, key: random.fraction() < freshShare ? `own.${client}.${number}` : key, value, expected: null };
}

function draw(random: Random, { settings: { mix } }: WorkloadContext): OperationKind {
  const fraction = random.fraction();
  if (fraction < mix.read) return "read";
  return fraction < mix.read + mix.write ? "write" : "cas";
}

/** What a client takes to be a key's value is what its next cas expects. */
function learn(known: Map<string, string | null>, ask: Ask, got: Got): void {
  if (got.outcome === "ok") known.set(ask.key, got.value);
}

function registerKeys({ settings }: WorkloadContext): readonly string[] {
  return Array.from({ length: settings.keys }, (_, index) => `register.${index + 1}`);
}

interface FinalRead {
  readonly key: string;
  readonly node: string;
  readonly client: string;
}

async function readFinally({ key, node, client }: FinalRead, context: WorkloadContext): Promise<void> {
  const first = context.nodes.indexOf(node);
  for (let attempt = 0; attempt < finalAttempts && !context.stop.aborted; attempt += 1) {
    const asked = context.nodes[(first + attempt) % context.nodes.length] ?? "";
    const ask: Ask = {
      client,
      process: context.freshProcess(),
      kind: "read",
      key,
      value: null,
      expected: null,
      node: asked,
    };
    const got = await context.perform(ask, AbortSignal.timeout(context.settings.timeoutMs));
    if (got.outcome === "ok") return;
    await pause(backOffMs, context.stop).catch(() => undefined);
  }
}
