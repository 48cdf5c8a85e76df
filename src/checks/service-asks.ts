import type { Evidenced } from "../core/check.ts";
import type { Operation } from "../core/history.ts";
import type { EventOf } from "../core/history-event.ts";
import { livePeers } from "../core/probe.ts";
import type { Service } from "../core/service.ts";

/** How often a service was asked in a span of time, and how often it answered. */
export interface Asks {
  readonly asked: number;
  readonly answered: number;
}

/** From when to when, in ms since the run's start: what was sent and ended within it counts. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A peer that was heard this recently counts as one whom the network carries, in ms. */
const heardWithinMs = 2500;

/**
 * What clients and observers asked of a service: consensus by reads and writes, sync by edits, storage by blocks, coordination by tasks, and the
 * peer-to-peer network by whether nodes hear any peer at all.
 */
export function asksOf(service: Service, { plan, history }: Pick<Evidenced, "plan" | "history">, span: TimeSpan): Asks {
  switch (service) {
    case "consensus":
      return counted(readsAndWrites(history.operations()), span, {
        times: ({ invokedMs, completedMs }) => [invokedMs, completedMs],
        isAnswered: isOk,
      });
    case "sync":
      return counted(history.eventsOf("edit.ended"), span, { times: sent, isAnswered: isOk });
    case "storage":
      return counted(history.eventsOf("block.ended"), span, { times: sent, isAnswered: isOk });
    case "coordination":
      return counted(history.eventsOf("task.ended"), span, { times: sent, isAnswered: isOk });
    case "p2p":
      return counted(peerSamples(plan.joiners, history.eventsOf("probe.sampled")), span, {
        times: sent,
        isAnswered: (sample) => (livePeers(sample, heardWithinMs) ?? []).length > 0,
      });
  }
}

interface Reading<T> {
  readonly times: (one: T) => readonly [sentMs: number, endedMs: number];
  readonly isAnswered: (one: T) => boolean;
}

function counted<T>(all: Iterable<T>, { fromMs, toMs }: TimeSpan, { times, isAnswered }: Reading<T>): Asks {
  let asked = 0;
  let answered = 0;
  for (const one of all) {
    const [sentMs, endedMs] = times(one);
    if (sentMs < fromMs || endedMs > toMs) continue;
    asked += 1;
    if (isAnswered(one)) answered += 1;
  }
  return { asked, answered };
}

/** Without compare-and-sets: one that is refused found another value, and was answered. */
function* readsAndWrites(operations: Iterable<Operation>): Iterable<Operation> {
  for (const operation of operations) if (operation.kind !== "cas") yield operation;
}

function* peerSamples(
  joiners: readonly string[],
  samples: Iterable<EventOf<"probe.sampled">>,
): Iterable<EventOf<"probe.sampled">> {
  for (const sample of samples) if (sample.probe === "peers" && !joiners.includes(sample.node)) yield sample;
}

function sent({ sentMs, atMs }: { readonly sentMs: number; readonly atMs: number }): readonly [number, number] {
  return [sentMs, atMs];
}

function isOk({ outcome }: { readonly outcome: string }): boolean {
  return outcome === "ok";
}
