import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { secretsInEnvironment } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { redactFile } from "./core/redact-file.ts";
import { type Redaction, redaction, shortestSecret } from "./core/redaction.ts";
import type { SealKey } from "./core/seal.ts";
import type { Target } from "./core/target.ts";
import type { Terminal } from "./core/terminal.ts";
import { historyFileName } from "./engine/run.ts";
import { namedSecrets } from "./targets/secrets.ts";

// The part of the composition root that takes secrets out of what a run leaves: what nodes print is theirs, but it lies in our folder.

/** Everything that must not be said or written by a command that works on these targets with this key. Tells of secrets that are too short for it. */
export function secretsHidden(
  targets: readonly Target[],
  key: SealKey | null,
  tell: (line: string) => void,
): Redaction {
  const named = new Map(targets.flatMap((target) => namedSecrets(target)));
  for (const [name, value] of named) {
    if (value.length === 0 || value.length >= shortestSecret) continue;
    tell(
      `warning: the secret ${name} has fewer than ${shortestSecret} characters: where a node prints it, it cannot be told from other text and is not taken out`,
    );
  }
  const secret = key?.algorithm === "HMAC-SHA256" ? [key.secret.toString("latin1"), key.secret.toString("utf8")] : [];
  return redaction([...named.values(), ...secretsInEnvironment(), ...secret]);
}

/** A terminal on which none of them is shown. */
export function hidingTerminal(terminal: Terminal, hide: Redaction): Terminal {
  return { ...terminal, write: (text) => terminal.write(hide.text(text)) };
}

/** Does the work of one run; then its logs and history hold no secret, however it ended, and neither does what it throws. */
export async function hidingRun<T>(folder: string, hide: Redaction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw hiddenError(thrown, hide);
  } finally {
    for (const file of spoken(folder)) redactFile(file, hide);
  }
}

/** An error without secrets. */
export function hiddenError(thrown: unknown, hide: Redaction): unknown {
  if (!(thrown instanceof Error) || hide.longestBytes === 0) return thrown;
  if (thrown instanceof HarnessError) {
    const { message, code, exit, next, problems } = thrown;
    // Without its cause: that one holds what it was told, too.
    return new HarnessError(hide.text(message), { code, exit, next: hide.text(next), problems });
  }
  thrown.message = hide.text(thrown.message);
  if (thrown.stack !== undefined) thrown.stack = hide.text(thrown.stack);
  return thrown;
}

/** Files in which the system under test has its say. */
function spoken(folder: string): readonly string[] {
  const logs = join(folder, "nodes");
  const nodes = existsSync(logs) ? readdirSync(logs, { recursive: true, encoding: "utf8" }) : [];
  return [historyFileName, "keeper.log", ...nodes.map((name) => join("nodes", name))]
    .map((name) => join(folder, name))
    .filter((file) => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true);
}
