import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock, wallTime } from "./core/clock.ts";
import { stateFolder } from "./core/environment.ts";
import { HarnessError, messageOf } from "./core/harness-error.ts";
import { isObject, parseJson } from "./core/json.ts";
import { limitWays } from "./core/limit-way.ts";
import type { Keeper } from "./core/keeper-port.ts";
import { lazily } from "./core/lazily.ts";
import { kindOf, lackedBy, type LinkProxyServer, parseLinkProxy } from "./core/link-proxy.ts";
import type { CallOperation } from "./core/operation-answer.ts";
import type { PlaygroundAnswer, PlaygroundRequest } from "./core/playground.ts";
import { freshSeed, randomStream } from "./core/random.ts";
import type { Selection } from "./core/selection.ts";
import { didYouMean } from "./core/suggest.ts";
import type { Target } from "./core/target.ts";
import { capabilitiesOf } from "./core/target-capabilities.ts";
import { until } from "./core/wait.ts";
import { machineFacts } from "./drivers/machine.ts";
import { processTable } from "./drivers/proc.ts";
import { subjectsOf } from "./engine/cast.ts";
import { type Placement, placementOf } from "./engine/placement.ts";
import { faults } from "./faults/index.ts";
import { findTarget } from "./harness-catalogue.ts";
import { connector, endedAtStart, openKeeper } from "./harness-effects.ts";
import { Ground, type GroundParts } from "./playground/ground.ts";
import { Playgrounds } from "./playground/index-of.ts";
import { listen } from "./playground/socket.ts";
import { parseSelection } from "./scenarios/selection.ts";

// The part of the composition root that the holder of a playground runs: it keeps the keeper's lease, and answers on a socket.

/** Serves as the holder of one playground, until it is taken down or stopped. Gives what could not be healed. */
export async function holdPlayground(
  text: string,
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const { id, file, count, defect, proxy } = heldRequest(text);
  const target = findTarget(file);
  const playgrounds = new Playgrounds(stateFolder());
  const folder = playgrounds.folderOf(id);
  const placement = placementOf(target, { nodes: count, joiners: 0, seed: freshSeed() });
  const { nodes } = placement;
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  let stands = false;
  const keeper = openKeeper(folder, id, (exit) => {
    tell(`node ${exit.node} ended by itself: ${exit.how}`);
    // Later it is a thing to look at; before it ever answered there is nothing to wait for.
    if (!stands) over.abort(endedAtStart(exit));
  });
  keeper.lost.catch(() => over.abort());
  const close = closer(keeper);
  try {
    const plan = { ...placement, target: { name: target.name, defect } };
    const addresses = await keeper.open({
      runId: id,
      folder,
      plan,
      prepare: [],
      targetFile: resolve(target.file),
      proxy,
    });
    const connection = connector(target)(addresses);
    await allHealthy(connection.call, { nodes, target, signal });
    stands = true;
    const ground = groundOf({ target, placement, proxy, keeper, call: connection.call, tell });
    const socket = join(tmpdir(), `prism-chaos-${id}.sock`);
    const answer = answerer(ground, { close, end: () => over.abort() });
    const holder = processTable.identify(process.pid) ?? { pid: process.pid, startTime: 0 };
    const about = { id, holder, socket, folder, target: target.name, defect, startedAt: wallTime(), addresses };
    await listen({ path: socket, answer, signal, onReady: () => playgrounds.add(about) });
    await connection.close();
  } finally {
    const residue = await close();
    keeper.release();
    playgrounds.remove(id, stands && residue.length === 0);
  }
  return close();
}

interface Standing extends Pick<GroundParts, "keeper" | "call" | "tell"> {
  readonly target: Target;
  readonly placement: Placement;
  readonly proxy: LinkProxyServer;
}

/** What stands, as far as faults are put on it by hand. */
function groundOf({ target, placement, proxy, ...parts }: Standing): Ground {
  const { nodes, links } = placement;
  return new Ground({
    ...parts,
    clock: systemClock,
    nodes,
    links,
    files: target.files,
    faults,
    seed: freshSeed,
    choose: chooser(placement),
    refusal: refuser(target, proxy),
  });
}

/** Closes the keeper once, however often it is asked; gives what could not be healed. */
function closer(keeper: Keeper): () => Promise<readonly string[]> {
  return lazily(() =>
    keeper.close().then(
      ({ residue }) => residue,
      (thrown: unknown) => [messageOf(thrown)],
    ),
  );
}

interface Ending {
  readonly close: () => Promise<readonly string[]>;
  readonly end: () => void;
}

function answerer(ground: Ground, { close, end }: Ending): (request: PlaygroundRequest) => Promise<PlaygroundAnswer> {
  return async (request) => {
    switch (request.ask) {
      case "standing":
        return ground.standing();
      case "inject":
        return ground.inject(request);
      case "heal":
        return ground.heal(request.id);
      case "down": {
        const residue = await close();
        end();
        return { kind: "down", residue };
      }
    }
  };
}

interface Starting {
  readonly nodes: readonly string[];
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Waits for the first healthy answer of every node. Throws `HarnessError` (exit 69) naming those that gave none in time. */
async function allHealthy(call: CallOperation, { nodes, target, signal }: Starting): Promise<void> {
  const waiting = new Set(nodes);
  const ask = async (node: string): Promise<void> => {
    const answer = await call({ node, operation: "health", arguments: {}, timeoutMs: 500, signal });
    if (answer.outcome === "ok") waiting.delete(node);
  };
  const isReady = async (): Promise<boolean> => {
    await Promise.all([...waiting].map(ask));
    return waiting.size === 0;
  };
  const limitMs = target.nodes.readyLimitMs;
  if (await until(isReady, { clock: systemClock, signal, limitMs, everyMs: 50 })) return;
  throw new HarnessError(`${[...waiting].join(", ")} gave no healthy answer within ${limitMs} ms`, {
    code: "not-ready",
    exit: "unavailable",
    next: "look at the nodes' logs",
  });
}

/** Whom texts mean, among nodes in an order drawn for each choice. */
function chooser({ nodes, voters }: Placement): GroundParts["choose"] {
  return ({ on, sides, leader }) => {
    const order = randomStream(freshSeed(), "by hand").shuffled(nodes);
    const one = (text: string): Selection => {
      const named = nodes.includes(text) ? `node ${text}` : text;
      const selection = parseSelection(named, []);
      if (!("problem" in selection)) return selection;
      const words = [
        ...nodes,
        "leader",
        "follower",
        "followers",
        "voters",
        "agents",
        "everyone",
        "half",
        "majority",
        "minority",
      ];
      const isWord = /^[\w.-]+$/.test(text);
      throw meansNobody(isWord ? `there is no node "${text}"${didYouMean(text, words)}` : selection.problem);
    };
    const asked =
      sides.length > 0
        ? ({ kind: "sides", sides: sides.map((side) => side.map(one)) } as const)
        : ({ kind: "nodes", selections: on.map(one) } as const);
    const subjects = subjectsOf(asked, { order, all: nodes.length, voters, leader, cast: {} });
    if ("problem" in subjects) throw meansNobody(subjects.problem);
    return subjects;
  };
}

/** What the target does not let the harness do, or the proxy cannot. */
function refuser(target: Target, proxy: LinkProxyServer): GroundParts["refusal"] {
  const allowed = capabilitiesOf(target);
  return (fault, params) => {
    const missing = fault.capabilities(params).filter((name) => !allowed.includes(name));
    if (missing.length > 0) return `target ${target.name} lacks capability ${missing.join(", ")}`;
    const lacked = lackedBy(kindOf(proxy), fault.capabilities(params));
    if (lacked.length > 0) return `${lacked.join("; ")}; \`up --proxy builtin\` has it`;
    const ways = limitWays(fault.capabilities(params), { target, facts: machineFacts() });
    // Whoever starts nodes by hand does not say what for: their clocks are those of the machine.
    if (ways.some(({ by }) => by === "faketime")) return "clocks are put wrong in runs of scenarios alone";
    const none = ways.filter(({ by }) => by === null).map(({ capability, text }) => `${capability}: ${text}`);
    return none.length === 0 ? null : `this machine does not permit ${none.join("; ")}`;
  };
}

function meansNobody(problem: string): HarnessError {
  return new HarnessError(problem, {
    code: "nobody",
    exit: "usage",
    next: "say whom by a node's name (prism-chaos ps), leader, follower, 2 followers, 50%, all but leader, or everyone",
  });
}

function heldRequest(text: string): {
  readonly id: string;
  readonly file: string;
  readonly count: number;
  readonly defect: string | null;
  readonly proxy: LinkProxyServer;
} {
  const value = parseJson(text)?.value;
  const fields = isObject(value) ? value : {};
  const { id, target, nodes, defect } = fields;
  const proxy = parseLinkProxy(fields["proxy"]);
  if (typeof id !== "string" || typeof target !== "string" || typeof nodes !== "number" || proxy === null) {
    throw new HarnessError("the holder is started by `prism-chaos up`, not by hand", {
      code: "no-request",
      exit: "usage",
      next: "prism-chaos up --help",
    });
  }
  return { id, file: target, count: nodes, defect: typeof defect === "string" ? defect : null, proxy };
}
