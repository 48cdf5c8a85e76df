import type { ChildProcess } from "node:child_process";
import type { Action } from "../core/action.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { BatchResult, CloseResult, Keeper, NodeAddress, OpenRequest } from "../core/keeper-port.ts";
import { lease, type Message, type Request, type WireError } from "./protocol.ts";

/** How a node ended by itself. */
export type NodeExited = Extract<Message, { kind: "node-exited" }>;

type Answer = Exclude<Message, NodeExited | { kind: "failed" | "lost" }>;
type Call = Exclude<Request, { call: "renew" }>;
/** A request before it has its number. */
type Unnumbered<R> = R extends Call ? Omit<R, "id"> : never;

/** The runner's end: asks the keeper in that child process, and renews the lease as long as this process runs its event loop. */
export class KeeperClient implements Keeper {
  readonly lost: Promise<never>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #renewal: NodeJS.Timeout;
  #next = 1;
  #isGone = false;

  constructor(child: ChildProcess, onNodeExit: (exit: NodeExited) => void) {
    this.#child = child;
    const { promise, reject } = Promise.withResolvers<never>();
    this.lost = promise;
    promise.catch(() => undefined);
    child.on("message", (message: Message) => {
      // The keeper is still there, and heals: only the run cannot go on.
      if (message.kind === "lost") reject(componentLost(message));
      else this.#receive(message, onNodeExit);
    });
    const gone = (): void => {
      this.#isGone = true;
      clearInterval(this.#renewal);
      reject(keeperGone());
      for (const { reject: refuse } of this.#waiting.values()) refuse(keeperGone());
      this.#waiting.clear();
    };
    child.on("disconnect", gone);
    child.on("error", gone);
    child.on("exit", gone);
    this.#renewal = setInterval(() => this.#send({ call: "renew" }), lease.renewEveryMs);
  }

  async open(request: OpenRequest): Promise<readonly NodeAddress[]> {
    const answer = await this.#ask({ call: "open", open: request, runner: process.pid });
    return answer.kind === "opened" ? answer.addresses : [];
  }

  async inject(fault: string, actions: readonly Action[]): Promise<BatchResult> {
    return this.#batch(await this.#ask({ call: "inject", fault, actions }));
  }

  async heal(fault: string): Promise<BatchResult> {
    return this.#batch(await this.#ask({ call: "heal", fault }));
  }

  async close(): Promise<CloseResult> {
    const answer = await this.#ask({ call: "close" });
    return answer.kind === "closed" ? answer.result : { residue: [] };
  }

  /** Lets go of the channel; a keeper that still has something to heal does so. */
  release(): void {
    clearInterval(this.#renewal);
    if (this.#child.connected) this.#child.disconnect();
  }

  #ask(request: Unnumbered<Call>): Promise<Answer> {
    const id = this.#next;
    this.#next += 1;
    const answer = Promise.withResolvers<Answer>();
    if (this.#isGone) return Promise.reject(keeperGone());
    this.#waiting.set(id, answer);
    this.#send({ ...request, id });
    return answer.promise;
  }

  #send(request: Request): void {
    // A channel that just closed tells through its "disconnect" event.
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  #receive(message: Exclude<Message, { kind: "lost" }>, onNodeExit: (exit: NodeExited) => void): void {
    if (message.kind === "node-exited") return onNodeExit(message);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "failed") waiting?.reject(errorOf(message.error));
    else waiting?.resolve(message);
  }

  #batch(answer: Answer): BatchResult {
    if (answer.kind === "done") return answer.result;
    throw new TypeError(`the keeper answered ${answer.kind}`);
  }
}

function errorOf(error: WireError): HarnessError {
  return new HarnessError(error.message, { code: error.code, exit: error.exit, next: error.next });
}

function componentLost({ what, how }: Extract<Message, { kind: "lost" }>): HarnessError {
  return new HarnessError(`${what} ended by itself in the middle of the run (${how})`, {
    code: "component-lost",
    exit: "unavailable",
    next: "run the command again; what the run had recorded until then is in its folder, and says nothing against the system",
  });
}

function keeperGone(): HarnessError {
  return new HarnessError("the keeper ended before the run did", {
    code: "keeper-gone",
    exit: "unavailable",
    next: "its output is keeper.log in the run's folder; `prism-chaos status` shows what is left",
  });
}
