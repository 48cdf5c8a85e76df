import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "./core/clock.ts";
import { childEnvironment, entryFile, stateFolder } from "./core/environment.ts";
import { parseDuration } from "./core/duration.ts";
import { HarnessError } from "./core/harness-error.ts";
import { type Json, type JsonObject, parseJson } from "./core/json.ts";
import type { Playground, PlaygroundAnswer } from "./core/playground.ts";
import { freshSeed } from "./core/random.ts";
import { didYouMean } from "./core/suggest.ts";
import { sizeLimits, sizeOf } from "./core/target-nodes.ts";
import { until } from "./core/wait.ts";
import { processTable } from "./drivers/proc.ts";
import { allowedShare, refuseUnallowed } from "./harness-allow.ts";
import { defaults, findTarget } from "./harness-catalogue.ts";
import { refuseResidue } from "./harness-effects.ts";
import { proxyForPlayground } from "./harness-links.ts";
import { askedProxy } from "./harness-series.ts";
import { Playgrounds } from "./playground/index-of.ts";
import { askPlayground } from "./playground/socket.ts";
export { addressLines, injectedText, standingText } from "./reporters/playground-text.ts";

// The part of the composition root for swarms to play with, as the commands ask for them: a process of its own holds each.

/** How many nodes a playground has unless said. */
const usualNodes = 5;
/** So long a holder may take from its start to its place in the index beyond the nodes' own limit, in ms. */
const startSlackMs = 15_000;
/** So long what was taken down may take to end, in ms. */
const goneLimitMs = 10_000;

/** What is started. */
export interface UpRequest {
  /** Null: the repository's default, else the reference. */
  readonly target: string | null;
  readonly nodes: number | null;
  readonly defect: string | null;
  /** What stands on the links, as it was written; null: the repository's default. */
  readonly proxy: string | null;
  /** Targets elsewhere that may be broken, by name. */
  readonly allow: readonly string[];
}

/** Starts a playground in the background; resolves when every node is healthy. Throws `HarnessError` (exit 64, 69); nothing is left then. */
export async function raisePlayground(request: UpRequest, signal: AbortSignal): Promise<Playground> {
  refuseResidue();
  const target = findTarget(request.target ?? defaults().target ?? "reference");
  refuseUnallowed(target, request.allow);
  const nodes = sizeOf(target, request.nodes, usualNodes).nodes;
  const { minimum, maximum } = sizeLimits(target);
  if (nodes < minimum || nodes > maximum) {
    throw usage(`${nodes} nodes do not fit: target ${target.name} takes ${minimum} to ${maximum}`, "change --nodes");
  }
  const proxy = await proxyForPlayground(askedProxy(request.proxy ?? undefined), signal);
  const id = `playground-${freshSeed()}`;
  const playgrounds = new Playgrounds(stateFolder());
  const folder = playgrounds.folderOf(id);
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, "holder.log"), "a");
  const asked = JSON.stringify({ ...request, target: resolve(target.file), nodes, proxy, id });
  const child = spawn(process.execPath, [entryFile(), "hold", asked], {
    stdio: ["ignore", log, log],
    detached: true,
    env: childEnvironment({}),
  });
  closeSync(log);
  let ended = false;
  child.on("exit", () => (ended = true)).on("error", () => (ended = true));
  const find = (): Playground | undefined => playgrounds.standing(processTable).find((one) => one.id === id);
  const limitMs = target.nodes.readyLimitMs + startSlackMs;
  try {
    await until(() => ended || find() !== undefined, { clock: systemClock, signal, limitMs, everyMs: 50 });
  } finally {
    // Whoever is not ready by then is told to take down what it started.
    if (find() === undefined) child.kill("SIGTERM");
    child.unref();
  }
  const raised = find();
  if (raised !== undefined) return raised;
  throw new HarnessError(`the playground did not come up: ${lastLine(join(folder, "holder.log"))}`, {
    code: "playground-not-up",
    exit: "unavailable",
    next: `look at ${join(folder, "holder.log")} and the nodes' logs beside it`,
  });
}

/** A playground with how its nodes do and what is in force; null: its holder does not answer. */
export interface PlaygroundStanding {
  readonly playground: Playground;
  readonly standing: Extract<PlaygroundAnswer, { kind: "standing" }> | null;
}

/** Every playground that stands. */
export function standingPlaygrounds(): readonly Playground[] {
  return new Playgrounds(stateFolder()).standing(processTable);
}

/** How every playground does. */
export async function playgroundStandings(): Promise<readonly PlaygroundStanding[]> {
  return Promise.all(
    standingPlaygrounds().map(async (playground) => {
      const answer = await askPlayground(playground.socket, { ask: "standing" }).catch(() => null);
      return { playground, standing: answer?.kind === "standing" ? answer : null };
    }),
  );
}

/** Takes playgrounds down: one by its name, or all (null). Gives what could not be healed, by name. */
export async function takeDown(
  name: string | null,
  signal: AbortSignal,
): Promise<readonly { readonly id: string; readonly residue: readonly string[] }[]> {
  const wanted = name === null ? standingPlaygrounds() : [playgroundOf(name)];
  const taken = [];
  for (const { id, socket, holder } of wanted) {
    const answer = await askPlayground(socket, { ask: "down" });
    const isGone = (): boolean => !processTable.isAlive(holder) && processTable.keeperOf(id) === null;
    await until(isGone, { clock: systemClock, signal, limitMs: goneLimitMs });
    taken.push({ id, residue: answer.kind === "down" ? answer.residue : [] });
  }
  return taken;
}

/** What is put in force by hand. */
export interface ByHand {
  readonly fault: string;
  readonly as: string | null;
  readonly on: readonly string[];
  readonly sides: readonly (readonly string[])[];
  readonly params: JsonObject;
  readonly forMs: number | null;
  /** The playground's name; null: the only one. */
  readonly playground: string | null;
}

/** What the flags of `inject` ask for. Throws `HarnessError` (exit 64). */
export function injectRequest(
  fault: string,
  flags: {
    readonly on: readonly string[] | undefined;
    readonly side: readonly string[] | undefined;
    readonly with: readonly string[] | undefined;
    readonly for: string | undefined;
    readonly as: string | undefined;
    readonly in: string | undefined;
  },
): ByHand {
  const { on = [], side = [], with: params = [], for: time, as = null, in: playground = null } = flags;
  if (on.length > 0 === side.length > 0) {
    throw usage("say whom it hits, by either --on or --side; --on everyone for all", "prism-chaos inject --help");
  }
  const forMs = time === undefined ? null : parseDuration(time, "--for");
  return { fault, as, on, sides: side.map((one) => [one]), params: parameters(params), forMs, playground };
}

/** `name=value` texts as parameters: numbers, true and false as such, all else as text. */
function parameters(texts: readonly string[]): JsonObject {
  return Object.fromEntries(
    texts.map((text): readonly [string, Json] => {
      const at = text.indexOf("=");
      if (at < 1) throw usage(`--with ${text}: write it as name=value`, "prism-chaos inject --help");
      const value = text.slice(at + 1);
      const isPlain = /^(-?\d+(\.\d+)?|true|false)$/.test(value);
      return [text.slice(0, at), isPlain ? (parseJson(value)?.value ?? value) : value];
    }),
  );
}

/** Puts a fault in force in a playground, and reads it back. Throws `HarnessError` (exit 64, 69). */
export async function injectByHand({
  playground,
  ...request
}: ByHand): Promise<Extract<PlaygroundAnswer, { kind: "injected" }> & { readonly id: string }> {
  const { id, socket } = playgroundOf(playground);
  const answer = await askPlayground(socket, { ask: "inject", ...request, nodesShare: allowedShare() });
  if (answer.kind === "injected") return { ...answer, id };
  throw new TypeError(`the playground answered ${answer.kind}`);
}

/** Takes back what is in force by hand: one fault by its name, or all of all playgrounds (null). Gives their names. */
export async function healByHand(fault: string | null): Promise<readonly string[]> {
  const healed: string[] = [];
  for (const { playground, standing } of await playgroundStandings()) {
    const inForce = standing?.faults.filter(({ id }) => fault === null || id === fault) ?? [];
    if (inForce.length === 0) continue;
    const answer = await askPlayground(playground.socket, { ask: "heal", id: fault });
    if (answer.kind === "healed") healed.push(...answer.faults.map((one) => `${one} in ${playground.id}`));
  }
  return healed;
}

/** The playground of that name, or the only one. Throws `HarnessError` (exit 64) if there is none, or several to choose from. */
function playgroundOf(name: string | null): Playground {
  const all = standingPlaygrounds();
  const names = all.map(({ id }) => id);
  const [only] = all;
  if (only === undefined) throw usage("no playground stands", "prism-chaos up");
  const named = all.find(({ id }) => id === name);
  if (named !== undefined) return named;
  if (name !== null) throw usage(`there is no playground "${name}"${didYouMean(name, names)}`, "prism-chaos ps");
  if (all.length > 1) throw usage(`there are several playgrounds: ${names.join(", ")}`, `say which, by its name`);
  return only;
}

function lastLine(file: string): string {
  if (!existsSync(file)) return "it said nothing";
  return readFileSync(file, "utf8").trim().split("\n").slice(-3).join(" ") || "it said nothing";
}

function usage(message: string, next: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next });
}
