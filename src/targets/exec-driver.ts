import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { runTag } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import { isList, isObject, type Json, type JsonObject } from "../core/json.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { nodeOf } from "../core/node-of.ts";
import { own } from "../core/own.ts";
import type { CommandRequest, TextAnswer, Transport } from "../core/transports.ts";
import { within } from "../core/wait.ts";
import { addressValues } from "./address-values.ts";
import { fill, type Values } from "./template.ts";

/** How long a command may take, in ms; then it is killed, with what it started. */
const commandLimitMs = 10_000;

/** What commands are run by, and filled from. */
export interface CommandParts {
  readonly run: string;
  readonly command: Transport<CommandRequest>;
  readonly addresses: readonly NodeAddress[];
  /** Absolute path of a node's data; null: the harness does not know it. */
  readonly dataOf: (node: string) => string | null;
}

/** A command with nothing left to fill in. */
interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/** Carries out `host.exec` by the scenario's own commands: one acts, one undoes it, one ends with 0 while it is in force. */
export function execDriver(parts: CommandParts): Driver {
  const filled = (action: Action, verb: Verb): Command => {
    const found = commandOf(verb === "act" ? action.params : own(action.params, verb));
    if (found === null) throw new TypeError(`${action.id} has no command to ${verb}`);
    const values = valuesFor(nodeOf(action), parts);
    return { program: fill(found.program, values), arguments: found.arguments.map((one) => fill(one, values)) };
  };
  return {
    // Whoever heals from the journal alone knows no addresses and no folders: it finds the commands filled.
    capture: async (batch) =>
      batch.map((action): JsonObject => ({ undo: json(filled(action, "undo")), check: json(filled(action, "check")) })),
    apply: (batch, signal) =>
      eachOf(batch, (action) => doIt(parts, { action, command: filled(action, "act"), signal })),
    remove: (batch, signal) =>
      eachOf(batch, (action) => doIt(parts, { action, command: filled(action, "undo"), signal })),
    read: (batch, signal) => Promise.all(batch.map((action) => look(parts, filled(action, "check"), signal))),
  };
}

/** Undoes commands by what the journal has of them, and gives those that are in force all the same, or cannot be read. */
export async function undoCommands(
  parts: Pick<CommandParts, "run" | "command">,
  left: readonly { readonly action: Action; readonly captured: JsonObject }[],
  signal: AbortSignal,
): Promise<readonly Action[]> {
  const still: Action[] = [];
  for (const { action, captured } of left) {
    const [undo, check] = [commandOf(own(captured, "undo")), commandOf(own(captured, "check"))];
    // What fails is seen by the look that follows.
    if (undo !== null) await doIt(parts, { action, command: undo, signal }).catch(() => undefined);
    if (check === null || (await look(parts, check, signal)) !== "absent") still.push(action);
  }
  return still;
}

type Verb = "act" | "undo" | "check";

interface Doing {
  readonly action: Action;
  readonly command: Command;
  readonly signal: AbortSignal;
}

async function doIt(parts: Pick<CommandParts, "run" | "command">, { action, command, signal }: Doing): Promise<void> {
  const answer = await carried(parts, command, signal);
  if (answer.answered && answer.code === 0) return;
  const why = answer.answered ? `it ended with ${answer.code}` : answer.error;
  throw new HarnessError(`${action.id}: ${[command.program, ...command.arguments].join(" ")}: ${why}`, {
    code: "command-failed",
    exit: "unavailable",
    next: "run the command by hand; it must end with 0 when it is done",
  });
}

async function look(
  parts: Pick<CommandParts, "run" | "command">,
  command: Command,
  signal: AbortSignal,
): Promise<Reading> {
  const answer = await carried(parts, command, signal);
  if (!answer.answered) return "unreadable";
  return answer.code === 0 ? "in-force" : "absent";
}

function carried(
  { run, command: carry }: Pick<CommandParts, "run" | "command">,
  command: Command,
  signal: AbortSignal,
): Promise<TextAnswer> {
  return carry({ ...command, environment: { [runTag]: run }, input: "" }, within(commandLimitMs, signal));
}

function valuesFor(node: string, { addresses, dataOf }: CommandParts): Values {
  const address = addresses.find((one) => one.node === node);
  const data = dataOf(node);
  return { node, ...(address === undefined ? {} : addressValues(address)), ...(data === null ? {} : { data }) };
}

function commandOf(value: Json | undefined): Command | null {
  if (!isObject(value)) return null;
  const { program, arguments: args } = value;
  if (typeof program !== "string" || !isList(args)) return null;
  return { program, arguments: args.filter((one) => typeof one === "string") };
}

function json({ program, arguments: args }: Command): JsonObject {
  return { program, arguments: args };
}
