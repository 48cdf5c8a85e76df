import { own } from "../core/own.ts";
import type { Identity } from "../core/target.ts";
import type { OperationAnswer } from "../core/operation-answer.ts";

/** Which node the system knows by which identity of its own; learnt from answers as they come, a later one in the place of an earlier. */
export class Identities {
  readonly #identity: Identity | null;
  readonly #byNode = new Map<string, string>();
  readonly #nodes: readonly string[];
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(identity: Identity | null, nodes: readonly string[]) {
    this.#identity = identity;
    this.#nodes = nodes;
  }

  /** Learns from what a node answered to an operation, if that is the one that tells. */
  learn(node: string, operation: string, answer: OperationAnswer): void {
    if (this.#identity?.operation !== operation || answer.outcome !== "ok") return;
    const value = own(answer.values, this.#identity.value);
    if (value === undefined || value === null) return;
    this.#byNode.set(node, typeof value === "string" ? value : JSON.stringify(value));
  }

  /** The node with this identity, or null if none is known. */
  nodeOf(identity: string): string | null {
    for (const [node, known] of this.#byNode) if (known === identity) return node;
    return null;
  }

  /** Asks every node that has not told its identity yet, each once at a time; `ask` must not look identities up itself. */
  async askMissing(ask: (node: string, operation: string) => Promise<unknown>): Promise<void> {
    const identity = this.#identity;
    if (identity === null) return;
    const missing = this.#nodes.filter((node) => !this.#byNode.has(node));
    await Promise.all(
      missing.map((node) => {
        const asking = this.#asking.get(node) ?? ask(node, identity.operation);
        this.#asking.set(node, asking);
        return asking.finally(() => this.#asking.delete(node));
      }),
    );
  }
}
