import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { action, type Action, type Driver, type Reading } from "../core/action.ts";
import { systemClock } from "../core/clock.ts";
import type { OpenRequest } from "../core/keeper-port.ts";
import type { MachineTraces } from "../core/machine-traces.ts";
import type { OwnedTarget, ProcessTable } from "../core/owned-target.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import { until } from "../core/wait.ts";
import { Effects } from "./effects.ts";
import { healRun } from "./heal.ts";
import { Journal, openActions, readJournal } from "./journal.ts";
import { OpenRuns } from "./open-runs.ts";
import { lease, type Message, type Request } from "./protocol.ts";
import { type KeeperParts, serveKeeper } from "./serve.ts";

const base = mkdtempSync(join(tmpdir(), "keeper-"));
afterAll(() => rmSync(base, { recursive: true }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const fresh = (): string => mkdtempSync(join(base, "run-"));
const { signal } = new AbortController();

/** A system of named switches: what a driver does to it can be looked at without asking the driver. */
class Switches implements Driver {
  readonly on = new Set<string>();
  readonly broken = new Set<string>();
  readonly sticking = new Set<string>();

  async capture(batch: readonly Action[]): Promise<readonly { readonly was: boolean }[]> {
    return batch.map(() => ({ was: false }));
  }
  async apply(batch: readonly Action[]): Promise<void> {
    for (const { id } of batch) if (!this.broken.has(id)) this.on.add(id);
    if (batch.some(({ id }) => this.broken.has(id))) throw new Error("one switch is broken");
  }
  async remove(batch: readonly Action[]): Promise<void> {
    for (const { id } of batch) if (!this.sticking.has(id)) this.on.delete(id);
  }
  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return batch.map(({ id }) => (this.on.has(id) ? "in-force" : "absent"));
  }
}

function target(switches: Switches, disposed: { count: number }): OwnedTarget {
  return {
    addresses: [{ node: "n1", host: "127.0.0.1", ports: { http: 1 } }],
    driver: () => switches,
    dispose: () => {
      disposed.count += 1;
      return Promise.resolve();
    },
  };
}

function kill(node: string, fault = "f"): Action {
  return action({ fault, capability: "process.kill", subject: { kind: "node", node }, params: {}, undo: "restore" });
}

function effects(switches: Switches, folder: string): Effects {
  return new Effects({ target: target(switches, { count: 0 }), journal: new Journal(folder), clock: systemClock });
}

test("An action is in the journal before it is done, and marked when it is read back healed.", async () => {
  const folder = fresh();
  const switches = new Switches();
  const seenAtApply: string[] = [];
  switches.apply = async (batch) => {
    seenAtApply.push(...openActions(readJournal(folder)).map(({ id }) => id));
    for (const { id } of batch) switches.on.add(id);
  };
  const keeper = effects(switches, folder);
  const injected = await keeper.inject([kill("n1"), kill("n2")], signal);
  expect(seenAtApply).toEqual(["f/process.kill/n1", "f/process.kill/n2"]);
  expect(injected).toMatchObject({ actions: 2, inForce: 2, problems: [] });
  const healed = await keeper.heal("f", signal);
  expect(healed).toMatchObject({ actions: 2, inForce: 0 });
  expect(openActions(readJournal(folder))).toEqual([]);
  expect(switches.on.size).toBe(0);
});

test("What fails in the middle is told and counted; the rest is done, and all of it can be healed.", async () => {
  const switches = new Switches();
  switches.broken.add("f/process.kill/n2");
  const keeper = effects(switches, fresh());
  const injected = await keeper.inject([kill("n1"), kill("n2"), kill("n3")], signal);
  expect(injected).toMatchObject({ actions: 3, inForce: 2, problems: ["one switch is broken"] });
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 3, inForce: 0 });
  expect(switches.on.size).toBe(0);
});

test("What would not go is counted as still in force and stays in the journal; healing again harms nothing.", async () => {
  const folder = fresh();
  const switches = new Switches();
  switches.sticking.add("f/process.kill/n1");
  const keeper = effects(switches, folder);
  await keeper.inject([kill("n1")], signal);
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 1, inForce: 1 });
  expect(openActions(readJournal(folder)).map(({ id }) => id)).toEqual(["f/process.kill/n1"]);
  switches.sticking.clear();
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 1, inForce: 0 });
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 0, inForce: 0 });
});

test("Healing one of two faults on the same subject leaves the other's effect, and is no residue.", async () => {
  const switches = new Switches();
  // As a process does: it is down while anybody holds it down.
  switches.read = async (batch) => batch.map(() => (switches.on.size > 0 ? "in-force" : "absent"));
  const keeper = effects(switches, fresh());
  await keeper.inject([kill("n1", "a")], signal);
  await keeper.inject([kill("n1", "b")], signal);
  expect(await keeper.heal("a", signal)).toMatchObject({ inForce: 0 });
  expect([...switches.on]).toEqual(["b/process.kill/n1"]);
  expect(await keeper.heal("b", signal)).toMatchObject({ inForce: 0 });
  expect(switches.on.size).toBe(0);
});

test("A torn last line of the journal is passed over, and what was begun before it is still known.", () => {
  const folder = fresh();
  const journal = new Journal(folder);
  journal.append([{ entry: "injecting", atMs: 1, action: kill("n1"), captured: {} }]);
  journal.close();
  appendFileSync(join(folder, "undo.ndjson"), '{"entry":"heal');
  expect(openActions(readJournal(folder)).map(({ id }) => id)).toEqual(["f/process.kill/n1"]);
  expect(readJournal(fresh())).toEqual([]);
});

/** A process table in memory: tagged processes by pid, and keepers by run. */
function table(tagged: Map<number, string>, keepers = new Map<string, ProcessIdentity>()): ProcessTable {
  return {
    identify: (pid) => ({ pid, startTime: 1 }),
    isAlive: ({ pid }) => pid === process.pid,
    tagged: (run) =>
      [...tagged]
        .filter(([, of]) => run === null || of === run)
        .map(([pid, of]) => ({ pid, startTime: 1, run: of, command: "node" })),
    keeperOf: (run) => keepers.get(run) ?? null,
    kill: ({ pid }) => tagged.delete(pid),
  };
}

test("A run whose keeper lives is at work; one whose keeper is gone, or of which only processes are left, is residue.", () => {
  const runs = new OpenRuns(fresh());
  const common = { folder: "/x", runner: null, openedAt: "now" };
  runs.add({ run: "at-work", keeper: { pid: process.pid, startTime: 1 }, ...common });
  runs.add({ run: "left", keeper: { pid: 2 ** 30, startTime: 1 }, ...common });
  const standings = runs.standings(
    table(
      new Map([
        [7, "left"],
        [8, "unknown"],
      ]),
    ),
    noTraces,
  );
  expect(
    Object.fromEntries(standings.map(({ run, standing, processes }) => [run, [standing, processes.length]])),
  ).toEqual({
    "at-work": ["alive", 0],
    left: ["residue", 1],
    unknown: ["residue", 1],
  });
});

test("A tagged process whose keeper lives is a neighbour's, although the run is in no index here.", () => {
  const keeper = { pid: process.pid, startTime: 1 };
  const processes = table(new Map([[7, "elsewhere"]]), new Map([["elsewhere", keeper]]));
  expect(new OpenRuns(fresh()).standings(processes, noTraces)).toMatchObject([
    { run: "elsewhere", standing: "alive", keeper },
  ]);
});

test("A run that its keeper closes while it is looked at is neither at work nor left behind.", () => {
  const runs = new OpenRuns(fresh());
  const gone = { pid: 2 ** 30, startTime: 1 };
  runs.add({ run: "closing", keeper: gone, folder: "/x", runner: null, openedAt: "now" });
  const processes = { ...table(new Map()), isAlive: () => (runs.remove("closing"), false) };
  expect(runs.standings(processes, noTraces)).toEqual([]);
});

test("Healing from the journal alone ends what is tagged, marks what was open, clears the index; twice is harmless.", async () => {
  const folder = fresh();
  const journal = new Journal(folder);
  journal.append([{ entry: "injecting", atMs: 1, action: kill("n1"), captured: {} }]);
  journal.close();
  const openRuns = new OpenRuns(fresh());
  openRuns.add({ run: "r", folder, keeper: { pid: 2 ** 30, startTime: 1 }, runner: null, openedAt: "now" });
  const tagged = new Map([
    [7, "r"],
    [8, "other"],
  ]);
  const processes = table(tagged);
  const parts = {
    processes,
    openRuns,
    removeForeignProxies: () => Promise.resolve(),
    removeContainer: () => Promise.resolve(),
    restoreForeign: () => Promise.resolve([]),
    undoCommands: () => Promise.resolve([]),
    traces: noTraces,
  };
  const left = openRuns.standings(processes, noTraces).find(({ run }) => run === "r");
  if (left === undefined) throw new Error("the run is not in the index");
  expect(await healRun(left, parts)).toMatchObject({ actions: 1, processes: 1, residue: [] });
  expect([...tagged.values()]).toEqual(["other"]);
  expect(openActions(readJournal(folder))).toEqual([]);
  expect(openRuns.standings(processes, noTraces).map(({ run }) => run)).toEqual(["other"]);
  expect(await healRun(left, parts)).toMatchObject({ actions: 0, processes: 0, residue: [] });
});

test("A container is removed where the journal has one, and a server's proxies where it is not ours; what would not go is residue.", async () => {
  const folder = fresh();
  const openRuns = new OpenRuns(fresh());
  const keeper = { pid: 2 ** 30, startTime: 1 };
  const journal = new Journal(folder);
  journal.append([
    { entry: "opened", atMs: 1, run: "r", keeper, foreignProxy: "http://there:8474" },
    { entry: "contained", atMs: 2 },
  ]);
  journal.close();
  openRuns.add({ run: "r", folder, keeper, runner: null, openedAt: "now" });
  const processes = table(new Map());
  const [left] = openRuns.standings(processes, noTraces);
  if (left === undefined) throw new Error("the run is not in the index");
  const asked: string[] = [];
  const healing = (remove: () => Promise<void>): ReturnType<typeof healRun> =>
    healRun(left, {
      processes,
      openRuns,
      removeForeignProxies: (url, run) => Promise.resolve(void asked.push(`${run} at ${url}`)),
      removeContainer: (run) => {
        asked.push(`container of ${run}`);
        return remove();
      },
      restoreForeign: () => Promise.resolve([]),
      undoCommands: () => Promise.resolve([]),
      traces: noTraces,
    });
  const stuck = await healing(() => Promise.reject(new Error("no container runtime answers")));
  expect(stuck.residue).toEqual(["its container: no container runtime answers"]);
  expect(openRuns.standings(processes, noTraces)).toHaveLength(1);
  expect((await healing(() => Promise.resolve())).residue).toEqual([]);
  expect(openRuns.standings(processes, noTraces)).toEqual([]);
  expect(asked).toEqual(["r at http://there:8474", "container of r", "r at http://there:8474", "container of r"]);
});

test("What is in force on a target that is not ours is taken back by its own means, and is residue until it is.", async () => {
  const folder = fresh();
  const openRuns = new OpenRuns(fresh());
  const journal = new Journal(folder);
  journal.append([
    { entry: "foreign", atMs: 1, targetFile: "there.yaml" },
    { entry: "injecting", atMs: 1, action: kill("n1"), captured: {} },
  ]);
  journal.close();
  openRuns.add({ run: "r", folder, keeper: { pid: 2 ** 30, startTime: 1 }, runner: null, openedAt: "now" });
  const processes = table(new Map());
  const [left] = openRuns.standings(processes, noTraces);
  if (left === undefined) throw new Error("the run is not in the index");
  const asked: string[] = [];
  const healing = (restore: (actions: readonly Action[]) => Promise<readonly Action[]>): ReturnType<typeof healRun> =>
    healRun(left, {
      processes,
      openRuns,
      removeForeignProxies: () => Promise.resolve(),
      removeContainer: () => Promise.resolve(),
      restoreForeign: (file, actions) => {
        asked.push(`${file}: ${actions.map(({ id }) => id).join()}`);
        return restore(actions);
      },
      undoCommands: () => Promise.resolve([]),
      traces: noTraces,
    });
  const stuck = await healing((actions) => Promise.resolve(actions));
  expect(stuck.residue).toEqual(["f/process.kill/n1 is in force"]);
  const silent = await healing(() => Promise.reject(new Error("n1 does not answer")));
  expect(silent.residue).toEqual(["1 actions on the target of there.yaml: n1 does not answer"]);
  expect(openRuns.standings(processes, noTraces)).toHaveLength(1);
  expect((await healing(() => Promise.resolve([]))).residue).toEqual([]);
  expect(asked).toEqual(Array.from({ length: 3 }, () => "there.yaml: f/process.kill/n1"));
  expect(openRuns.standings(processes, noTraces)).toEqual([]);
});

/** A machine on which no run has made anything. */
const noTraces: MachineTraces = { find: () => [], clear: () => Promise.resolve() };

interface Served {
  readonly messages: Message[];
  readonly ask: (request: Request) => void;
  readonly hangUp: () => void;
  readonly ended: Promise<void>;
  readonly stop: AbortController;
  readonly disposed: { count: number };
  readonly switches: Switches;
  readonly folder: string;
}

function served(overrides: Partial<KeeperParts> = {}): Served {
  const disposed = { count: 0 };
  const switches = new Switches();
  const messages: Message[] = [];
  const listeners: { request: (request: Request) => void; end: () => void } = {
    request: () => undefined,
    end: () => undefined,
  };
  const stop = new AbortController();
  const parts: KeeperParts = {
    startTarget: () => Promise.resolve(target(switches, disposed)),
    processes: table(new Map()),
    openRuns: new OpenRuns(fresh()),
    traces: noTraces,
    ...overrides,
  };
  const ended = serveKeeper(
    parts,
    {
      send: (message) => void messages.push(message),
      onRequest: (listener) => void (listeners.request = listener),
      onEnd: (listener) => void (listeners.end = listener),
    },
    stop.signal,
  );
  return {
    messages,
    ask: (request) => listeners.request(request),
    hangUp: () => listeners.end(),
    ended,
    stop,
    disposed,
    switches,
    folder: fresh(),
  };
}

function open(keeper: Served): void {
  const request = { runId: "r", folder: keeper.folder, plan: {}, targetFile: "", proxy: { by: "builtin" } };
  keeper.ask({ call: "open", id: 1, open: request as unknown as OpenRequest, runner: process.pid });
}

const answered = (keeper: Served, id: number): Promise<boolean> =>
  until(() => keeper.messages.some((message) => "id" in message && message.id === id), {
    clock: systemClock,
    signal,
    limitMs: 2000,
  });

test.each([
  ["hangs up", (keeper: Served) => keeper.hangUp()],
  ["is told to stop", (keeper: Served) => keeper.stop.abort()],
])("A runner that %s: the keeper heals, disposes once, and ends.", async (_how, end) => {
  const keeper = served();
  open(keeper);
  keeper.ask({ call: "inject", id: 2, fault: "f", actions: [kill("n1")] });
  await answered(keeper, 2);
  expect(keeper.switches.on.size).toBe(1);
  end(keeper);
  await keeper.ended;
  expect([keeper.switches.on.size, keeper.disposed.count]).toEqual([0, 1]);
  expect(readFileSync(join(keeper.folder, "undo.ndjson"), "utf8")).toContain('"entry":"disposed"');
});

test("After its end the keeper takes no further action: a runner that wakes up late cannot inject.", async () => {
  const keeper = served();
  open(keeper);
  await answered(keeper, 1);
  keeper.hangUp();
  await keeper.ended;
  keeper.ask({ call: "inject", id: 3, fault: "f", actions: [kill("n1")] });
  await answered(keeper, 3);
  expect(keeper.messages.at(-1)).toMatchObject({ kind: "failed", error: { code: "lease-over" } });
  expect(keeper.switches.on.size).toBe(0);
});

/** A clock that is wound by hand: `stand` is a process that stands still, in which time goes by and nothing is done. */
function woundClock(): { readonly stand: (ms: number) => void; readonly pass: (ms: number) => Promise<void> } {
  let nowNs = process.hrtime.bigint();
  const stand = (ms: number): void => void (nowNs += BigInt(ms) * 1_000_000n);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.spyOn(process.hrtime, "bigint").mockImplementation(() => nowNs);
  return {
    stand,
    pass: async (ms) => {
      stand(ms);
      await vi.advanceTimersByTimeAsync(ms);
    },
  };
}

/** A keeper with one switch on, by a clock that is wound by hand. */
async function servedByHand(): Promise<Served & ReturnType<typeof woundClock>> {
  const clock = woundClock();
  const keeper = served();
  open(keeper);
  keeper.ask({ call: "inject", id: 2, fault: "f", actions: [kill("n1")] });
  await clock.pass(0);
  expect(keeper.switches.on.size).toBe(1);
  return { ...keeper, ...clock };
}

test("A lease that is not renewed lapses: the keeper heals and ends by itself.", async () => {
  const keeper = await servedByHand();
  for (let ms = 0; ms < lease.lapsesAfterMs; ms += lease.renewEveryMs) await keeper.pass(lease.renewEveryMs);
  expect(keeper.switches.on.size).toBe(1);
  for (let turn = 0; turn < 3; turn += 1) await keeper.pass(lease.renewEveryMs);
  await keeper.ended;
  expect([keeper.switches.on.size, keeper.disposed.count]).toEqual([0, 1]);
});

test("A keeper that itself stood still reads the renewals that wait before it takes its lease for lapsed.", async () => {
  const keeper = await servedByHand();
  keeper.stand(2 * lease.lapsesAfterMs);
  await keeper.pass(lease.renewEveryMs);
  keeper.ask({ call: "renew" });
  await keeper.pass(lease.renewEveryMs);
  await keeper.pass(lease.renewEveryMs);
  expect([keeper.switches.on.size, keeper.disposed.count]).toEqual([1, 0]);
  keeper.stand(2 * lease.lapsesAfterMs);
  for (let turn = 0; turn < 3; turn += 1) await keeper.pass(lease.renewEveryMs);
  await keeper.ended;
  expect([keeper.switches.on.size, keeper.disposed.count]).toEqual([0, 1]);
});

test("What cannot be read counts for neither: not as injected, and not as healed.", async () => {
  const folder = fresh();
  const switches = new Switches();
  const keeper = effects(switches, folder);
  const read = switches.read.bind(switches);
  switches.read = async (batch) => batch.map(() => "unreadable");
  expect(await keeper.inject([kill("n1"), kill("n2")], signal)).toMatchObject({ actions: 2, inForce: 0 });
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 2, inForce: 2 });
  switches.read = () => Promise.reject(new Error("nobody answers"));
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 2, inForce: 2 });
  // A driver that tells of fewer than it was asked says nothing of the others.
  switches.read = async () => ["absent"];
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 2, inForce: 1 });
  expect(openActions(readJournal(folder))).toHaveLength(1);
  switches.read = read;
  expect(await keeper.heal("f", signal)).toMatchObject({ actions: 1, inForce: 0 });
});

test("A batch is one call of its driver, however many actions it has.", async () => {
  const switches = new Switches();
  const calls: number[] = [];
  const apply = switches.apply.bind(switches);
  switches.apply = (batch) => (calls.push(batch.length), apply(batch));
  await effects(switches, fresh()).inject(
    Array.from({ length: 1000 }, (_, index) => kill(`n${index}`)),
    signal,
  );
  expect(calls).toEqual([1000]);
});

test("A target that does not start is told with its own error, and leaves no open run.", async () => {
  const openRuns = new OpenRuns(fresh());
  const keeper = served({ openRuns, startTarget: () => Promise.reject(new Error("no such program")) });
  open(keeper);
  await answered(keeper, 1);
  expect(keeper.messages[0]).toMatchObject({ kind: "failed", error: { message: "no such program" } });
  expect(openRuns.standings(table(new Map()), noTraces)).toEqual([]);
  keeper.hangUp();
  await keeper.ended;
});

test("What cannot be disposed of is residue, although no process is left: the run stays in the index.", async () => {
  const openRuns = new OpenRuns(fresh());
  const disposed = { count: 0 };
  const failing = { ...target(new Switches(), disposed), dispose: () => Promise.reject(new Error("a proxy is gone")) };
  const keeper = served({ openRuns, startTarget: () => Promise.resolve(failing) });
  open(keeper);
  await answered(keeper, 1);
  keeper.ask({ call: "close", id: 2 });
  await answered(keeper, 2);
  expect(keeper.messages.at(-1)).toMatchObject({ kind: "closed", result: { residue: ["a proxy is gone"] } });
  expect(openRuns.standings(table(new Map()), noTraces).map(({ run }) => run)).toEqual(["r"]);
  await keeper.ended;
});

test.each([
  ["not ours is residue", true, ["1 actions are in force on a target that is not ours"]],
  ["ours goes away with it", false, []],
])("What will not go from a target that is %s.", async (_what, isForeign, residue) => {
  const switches = new Switches();
  switches.sticking.add("f/process.kill/n1");
  const sticky = { ...target(switches, { count: 0 }), isForeign };
  const keeper = served({ startTarget: () => Promise.resolve(sticky) });
  open(keeper);
  keeper.ask({ call: "inject", id: 2, fault: "f", actions: [kill("n1")] });
  await answered(keeper, 2);
  keeper.ask({ call: "close", id: 3 });
  await answered(keeper, 3);
  expect(keeper.messages.at(-1)).toMatchObject({ kind: "closed", result: { residue } });
  await keeper.ended;
});

test("The journal is there to heal from also when the run's folder was removed, and is in one place only once.", () => {
  const folder = fresh();
  const copy = join(fresh(), "r.undo.ndjson");
  const journal = new Journal(folder, copy);
  journal.append([{ entry: "injecting", atMs: 1, action: kill("n1"), captured: {} }]);
  expect(readJournal(folder, copy)).toHaveLength(1);
  rmSync(folder, { recursive: true });
  journal.append([{ entry: "injecting", atMs: 2, action: kill("n2"), captured: {} }]);
  journal.close();
  expect(openActions(readJournal(folder, copy)).map(({ id }) => id)).toEqual([
    "f/process.kill/n1",
    "f/process.kill/n2",
  ]);
  // Healing writes into what is left of it.
  const later = new Journal(folder, copy);
  later.append([{ entry: "healed", atMs: 3, action: "f/process.kill/n1" }]);
  later.close();
  expect(openActions(readJournal("", copy)).map(({ id }) => id)).toEqual(["f/process.kill/n2"]);
});
