import { systemClock, wallTime } from "../core/clock.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import type { CloseResult, OpenRequest } from "../core/keeper-port.ts";
import type { MachineTraces } from "../core/machine-traces.ts";
import type { OwnedTarget, ProcessTable, StartTarget } from "../core/owned-target.ts";
import { Effects } from "./effects.ts";
import { Journal } from "./journal.ts";
import type { OpenRuns } from "./open-runs.ts";
import { lease, type Message, type Request, type WireError } from "./protocol.ts";

/** Healing has its own deadline, in ms: whatever stopped the run must not stop it too. */
const healLimitMs = 20_000;

/** What the keeper works with; the harness hands it in. */
export interface KeeperParts {
  readonly startTarget: StartTarget;
  readonly processes: ProcessTable;
  readonly openRuns: OpenRuns;
  readonly traces: MachineTraces;
}

/** How the keeper speaks to its runner. */
export interface Channel {
  send(message: Message): void;
  onRequest(listener: (request: Request) => void): void;
  /** The runner is gone. */
  onEnd(listener: () => void): void;
}

/**
 * The keeper: sole owner of effects. Serves one runner until that closes, vanishes, or lets its lease lapse; in each case heals, disposes of
 * what we own, reads back, and resolves. Requests are done one after another.
 */
export async function serveKeeper(parts: KeeperParts, channel: Channel, stop: AbortSignal): Promise<void> {
  const keeper = new RunKeeper(parts, channel);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let renewedMs = systemClock.nowMs();
  const shut = (): void => void keeper.shut().finally(end);
  channel.onEnd(shut);
  stop.addEventListener("abort", shut, { once: true });
  const isLapsed = (): boolean => systemClock.nowMs() - renewedMs > lease.lapsesAfterMs;
  const watch = setInterval(() => {
    // Where it was this process that stood still, renewals wait to be read: they come before the next look.
    if (isLapsed()) setTimeout(() => void (isLapsed() && shut()), lease.renewEveryMs);
  }, lease.renewEveryMs);
  channel.onRequest((request) => {
    renewedMs = systemClock.nowMs();
    if (request.call !== "renew") void keeper.serve(request).then((isLast) => (isLast ? end() : undefined));
  });
  await ended;
  clearInterval(watch);
}

interface Opened {
  readonly run: string;
  readonly target: OwnedTarget;
  readonly effects: Effects;
  readonly journal: Journal;
}

class RunKeeper {
  readonly #parts: KeeperParts;
  readonly #channel: Channel;
  readonly #work = new AbortController();
  #opened: Opened | null = null;
  /** The end of the queue: each request waits for the one before. */
  #queue: Promise<unknown> = Promise.resolve();
  #shutting: Promise<CloseResult> | null = null;

  constructor(parts: KeeperParts, channel: Channel) {
    this.#parts = parts;
    this.#channel = channel;
  }

  /** Does one request and answers it; resolves to true after the last one. */
  async serve(request: Exclude<Request, { call: "renew" }>): Promise<boolean> {
    try {
      if (request.call === "close") {
        this.#channel.send({ kind: "closed", id: request.id, result: await this.shut() });
        return true;
      }
      const turn = this.#queue.then(() => this.#do(request));
      this.#queue = turn.catch(() => undefined);
      this.#channel.send(await turn);
    } catch (thrown) {
      this.#channel.send({ kind: "failed", id: request.id, error: wireError(thrown) });
    }
    return false;
  }

  /** Refuses all further work, heals, disposes, reads back. Idempotent: the first call does it, the others wait for it. */
  shut(): Promise<CloseResult> {
    this.#work.abort(leaseOver());
    this.#shutting ??= this.#queue.then(() => this.#dispose());
    return this.#shutting;
  }

  async #do(request: Exclude<Request, { call: "renew" | "close" }>): Promise<Message> {
    const { signal } = this.#work;
    signal.throwIfAborted();
    if (request.call === "open") {
      const opened = await this.#open(request.open, request.runner);
      return { kind: "opened", id: request.id, addresses: opened.target.addresses };
    }
    if (this.#opened === null) throw leaseOver();
    const { effects } = this.#opened;
    const result =
      request.call === "inject"
        ? await effects.inject(request.actions, signal)
        : await effects.heal(request.fault, AbortSignal.timeout(healLimitMs));
    return { kind: "done", id: request.id, result };
  }

  async #open(request: OpenRequest, runner: number): Promise<Opened> {
    const { processes, openRuns, startTarget } = this.#parts;
    const keeper = processes.identify(process.pid) ?? { pid: process.pid, startTime: 0 };
    openRuns.add({
      run: request.runId,
      folder: request.folder,
      keeper,
      runner: processes.identify(runner),
      openedAt: wallTime(),
    });
    // The index comes first: a journal that a kill left in no index would lie in the state folder for ever.
    const journal = new Journal(request.folder, openRuns.journalCopy(request.runId));
    const atMs = systemClock.nowMs();
    const foreignProxy = request.proxy.by === "url" ? request.proxy.url : null;
    journal.append([{ entry: "opened", atMs, run: request.runId, keeper, foreignProxy }]);
    try {
      const target = await startTarget(
        request,
        {
          spawned: (what, started) =>
            journal.append([{ entry: "spawned", atMs: systemClock.nowMs(), what, process: started }]),
          contained: () => journal.append([{ entry: "contained", atMs: systemClock.nowMs() }]),
          lost: (what, how) => this.#channel.send({ kind: "lost", what, how }),
          exited: (exit) => this.#channel.send({ kind: "node-exited", ...exit }),
        },
        this.#work.signal,
      );
      const { targetFile } = request;
      if (target.isForeign === true) journal.append([{ entry: "foreign", atMs: systemClock.nowMs(), targetFile }]);
      this.#opened = {
        run: request.runId,
        target,
        journal,
        effects: new Effects({ target, journal, clock: systemClock }),
      };
      return this.#opened;
    } catch (thrown) {
      await this.#settle(request.runId, journal);
      throw thrown;
    }
  }

  async #dispose(): Promise<CloseResult> {
    if (this.#opened === null) return { residue: [] };
    const { run, target, effects, journal } = this.#opened;
    const limit = AbortSignal.timeout(healLimitMs);
    // A target of ours goes away as a whole; healing first leaves its last state and the journal in order, and may fail.
    const healed = await effects.heal(null, limit).catch(() => null);
    const isLeft = target.isForeign === true && (healed === null || healed.inForce > 0);
    // A program that was run here has changed this machine, and not the target alone.
    const onHost = effects.open
      .filter(({ capability }) => capability === "host.exec")
      .map(({ id }) => `${id} is in force`);
    const inForce = isLeft ? [`${healed?.inForce ?? "unknown"} actions are in force on a target that is not ours`] : [];
    const undisposed = await target.dispose(limit).then(
      () => [],
      (thrown: unknown) => [messageOf(thrown)],
    );
    return { residue: await this.#settle(run, journal, [...inForce, ...onHost, ...undisposed]) };
  }

  /** Looks for what is left, by tag, beside what could not be disposed of; writes it down; takes the run out of the index if there is nothing. */
  async #settle(run: string, journal: Journal, undisposed: readonly string[] = []): Promise<readonly string[]> {
    const left = this.#parts.processes.tagged(run).map(({ pid, command }) => `process ${pid}: ${command}`);
    await this.#parts.traces.clear(run, AbortSignal.timeout(healLimitMs)).catch(() => undefined);
    const traces = this.#parts.traces.find(run).map(({ what }) => what);
    const residue = [...left, ...traces, ...undisposed];
    journal.append([{ entry: "disposed", atMs: systemClock.nowMs(), residue }]);
    journal.close();
    if (residue.length === 0) this.#parts.openRuns.remove(run);
    return residue;
  }
}

function leaseOver(): HarnessError {
  return new HarnessError("the keeper has healed and takes no further actions", {
    code: "lease-over",
    exit: "unavailable",
    next: "run the command again; this machine may have been asleep or overloaded for longer than the lease",
  });
}

function wireError(thrown: unknown): WireError {
  if (thrown instanceof HarnessError) {
    return { message: thrown.message, code: thrown.code, exit: thrown.exit, next: thrown.next };
  }
  return {
    message: messageOf(thrown),
    code: "keeper-bug",
    exit: "bug",
    next: "look at keeper.log in the run's folder",
  };
}
