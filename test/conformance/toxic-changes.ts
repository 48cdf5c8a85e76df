import { setTimeout as delay } from "node:timers/promises";
import { type Arbitrary, array, constant, constantFrom, integer, nat, oneof, record } from "fast-check";
import type { Bench, Pair, ProxyOnBench, WantedToxic } from "./bench.ts";
import type { ReadingEnd } from "./reading-end.ts";
import { numberedBytes } from "./timed-sender.ts";

/** One thing that happens to a connection. */
export type Step =
  | { readonly do: "add"; readonly toxic: WantedToxic }
  | { readonly do: "change"; readonly which: number; readonly to: WantedToxic }
  | { readonly do: "remove"; readonly which: number }
  | { readonly do: "send"; readonly from: keyof Pair; readonly bytes: number }
  | { readonly do: "end"; readonly from: keyof Pair }
  | { readonly do: "wait"; readonly ms: number };

/** Toxics that lose nothing by what they say, fast enough for a test. */
const gentle: readonly Arbitrary<WantedToxic>[] = [
  toxicOf("latency", { latency: nat(30), jitter: nat(30) }),
  toxicOf("bandwidth", { rate: integer({ min: 2000, max: 50_000 }) }),
  toxicOf("slicer", {
    average_size: integer({ min: 2000, max: 9000 }),
    size_variation: nat(1900),
    delay: nat(300),
  }),
  toxicOf("slow_close", { delay: nat(40) }),
  toxicOf("noop", {}),
  toxicOf("stall", {}),
  toxicOf("bandwidth_shared", { rate: integer({ min: 2000, max: 50_000 }) }),
];

/** Sequences of steps with traffic both ways; each half of a connection ends once. `more` are toxics beside the gentle ones. */
export function steps(more: readonly Arbitrary<WantedToxic>[] = []): Arbitrary<readonly Step[]> {
  const toxic = oneof(...gentle, ...more);
  const from = constantFrom("client", "far");
  const which = nat(7);
  const step: Arbitrary<Step> = oneof(
    {
      weight: 4,
      arbitrary: record({ do: constant("send" as const), from, bytes: integer({ min: 1, max: 100_000 }) }),
    },
    { weight: 3, arbitrary: record({ do: constant("add" as const), toxic }) },
    { weight: 2, arbitrary: record({ do: constant("change" as const), which, to: toxic }) },
    { weight: 2, arbitrary: record({ do: constant("remove" as const), which }) },
    { weight: 1, arbitrary: record({ do: constant("wait" as const), ms: nat(15) }) },
    { weight: 1, arbitrary: record({ do: constant("end" as const), from }) },
  );
  return array(step, { minLength: 8, maxLength: 40, size: "max" });
}

/** Takes the steps on a new connection, then takes away what holds bytes for good, and says what arrived wrong; empty if nothing did. */
export async function wrongAfter(bench: Bench, taken: readonly Step[]): Promise<readonly string[]> {
  const proxy = await bench.proxy();
  const pair = await proxy.open();
  const walk = { proxy, pair, there: new Map<string, WantedToxic>(), sent: { client: 0, far: 0 } };
  for (const [index, step] of taken.entries()) await take(walk, step, `t${index}`);
  for (const [name, { type }] of walk.there) if (type === "stall") await proxy.remove(name);
  for (const from of ["client", "far"] as const) pair[from].socket.end();
  const wrong = [
    ...(await wrongAt(pair.far, walk.sent.client)).map((what) => `upstream: ${what}`),
    ...(await wrongAt(pair.client, walk.sent.far)).map((what) => `downstream: ${what}`),
  ];
  await bench.expectStatus(204, "DELETE", proxy.path);
  return wrong;
}

interface Walk {
  readonly proxy: ProxyOnBench;
  readonly pair: Pair;
  readonly there: Map<string, WantedToxic>;
  readonly sent: Record<keyof Pair, number>;
}

async function take({ proxy, pair, there, sent }: Walk, step: Step, name: string): Promise<void> {
  switch (step.do) {
    case "send": {
      const { socket } = pair[step.from];
      if (socket.writableEnded) return;
      const from = sent[step.from];
      sent[step.from] += step.bytes;
      socket.write(numberedBytes(sent[step.from]).subarray(from));
      return;
    }
    case "end":
      pair[step.from].socket.end();
      return;
    case "wait":
      return delay(step.ms);
    case "add":
      there.set(name, step.toxic);
      await proxy.add({ ...step.toxic, name });
      return;
    case "change": {
      const same = [...there].filter(([, { type }]) => type === step.to.type);
      const [found] = same[step.which % same.length] ?? [];
      if (found !== undefined)
        await proxy.change(found, { attributes: step.to.attributes, toxicity: step.to.toxicity });
      return;
    }
    case "remove": {
      const found = [...there.keys()][step.which];
      if (found === undefined) return;
      there.delete(found);
      await proxy.remove(found);
    }
  }
}

/** What is wrong with what an end got: bytes, their order, or how and when the stream ended. */
async function wrongAt(end: ReadingEnd, bytes: number): Promise<readonly string[]> {
  const { kind } = await end.untilEnd(20_000);
  const received = end.received();
  const expected = numberedBytes(bytes);
  const firstWrong = received.findIndex((byte, index) => byte !== expected[index]);
  return [
    ...(kind === "fin" ? [] : [`ended by ${kind}`]),
    ...(received.length === bytes ? [] : [`${received.length} bytes instead of ${bytes}`]),
    ...(firstWrong === -1 ? [] : [`another byte than was sent at ${firstWrong}`]),
  ];
}

/** Toxics of one type on either stream, on some or all connections. */
function toxicOf(type: string, attributes: Readonly<Record<string, Arbitrary<number>>>): Arbitrary<WantedToxic> {
  return record({
    type: constant(type),
    stream: constantFrom("upstream", "downstream"),
    toxicity: constantFrom(0, 0.5, 1, 1),
    attributes: record(attributes),
  });
}
