import { type Random, randomStream } from "../core/random.ts";
import { pause } from "../core/wait.ts";
import type { BlockContext } from "../core/workload.ts";

/**
 * Puts and reads blocks by turns, open loop: each is due at its time whatever became of the one before. Every node is put to once in a round,
 * and read from once in a round. A block that was taken is read from any node from then on; its content is drawn from the seed, so that it is
 * known what must come back.
 */
export async function runBlocks(context: BlockContext): Promise<void> {
  const { settings, clock, stop, nodes } = context;
  const random = randomStream(context.seed, "blocks");
  const everyMs = 1000 / settings.ratePerSecond;
  const startMs = clock.nowMs();
  const taken: string[] = [];
  const underWay: Promise<void>[] = [];
  const put = async (node: string, number: number): Promise<void> => {
    const block = await context.put(node, contentOf(context, number));
    if (block !== null) taken.push(block);
  };
  const putTurns = turns(nodes, random);
  const getTurns = turns(nodes, random);
  for (let number = 0; !stop.aborted; number += 1) {
    await pause(startMs + number * everyMs - clock.nowMs(), stop).catch(() => undefined);
    if (stop.aborted) break;
    const block = number % 2 === 1 && taken.length > 0 ? taken[random.int(0, taken.length - 1)] : undefined;
    underWay.push(block === undefined ? put(putTurns(), number) : context.get(getTurns(), block));
  }
  await Promise.all(underWay);
}

/** Gives the nodes in rounds, each in an order of its own: whoever is put to holds blocks after one round, whichever the node. */
function turns(nodes: readonly string[], random: Random): () => string {
  let turn: string[] = [];
  return () => {
    if (turn.length === 0) turn = [...random.shuffled(nodes)];
    return turn.pop() ?? "";
  };
}

/** Content of that block, base64: no two are alike. */
function contentOf({ seed, settings }: BlockContext, number: number): string {
  const random = randomStream(seed, `block.${number}`);
  const bytes = new Uint8Array(settings.sizeBytes);
  for (const at of bytes.keys()) bytes[at] = random.int(0, 255);
  return Buffer.from(bytes).toString("base64");
}
