/** What actions want of nodes, by node and by action: of several the least holds, and one that goes leaves the others. */
export class Strictest {
  readonly #wanted = new Map<string, Map<string, number>>();

  want(node: string, action: string, amount: number): void {
    this.#wanted.set(node, (this.#wanted.get(node) ?? new Map<string, number>()).set(action, amount));
  }

  /** Whether the action wanted anything of the node until now. */
  forget(node: string, action: string): boolean {
    return this.#wanted.get(node)?.delete(action) ?? false;
  }

  /** The least that is wanted of a node; null: nothing is. */
  of(node: string): number | null {
    const amounts = [...(this.#wanted.get(node)?.values() ?? [])];
    return amounts.length === 0 ? null : Math.min(...amounts);
  }
}
