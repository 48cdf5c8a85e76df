import { HarnessError, messageOf } from "./harness-error.ts";

/**
 * Does something to every item of a batch, all at once, and waits for all: one that fails does not keep the others from being done. Throws
 * `HarnessError` (exit 69) with what every failure said, each once.
 */
export async function eachOf<T>(batch: readonly T[], act: (item: T) => Promise<void> | void): Promise<void> {
  const results = await Promise.allSettled(batch.map(async (item) => act(item)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (failures.length === 0) return;
  const said = [...new Set(failures.map(messageOf))];
  const told = said.slice(0, 5).join("; ");
  throw new HarnessError(said.length > 5 ? `${told}; and ${said.length - 5} more` : told, {
    code: "not-all-done",
    exit: "unavailable",
    next: "the others of the batch were done; look at keeper.log in the run's folder",
    cause: failures[0],
  });
}
