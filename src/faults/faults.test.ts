import { expect, test } from "vitest";
import { type Fault, type FaultInput, signName } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { fullMesh } from "../core/testing/swarm-of.ts";
import { faults } from "./index.ts";

const allNodes = ["n1", "n2", "n3", "n4", "n5"];
const told = { operation: "metrics", value: "found" };
const files: FaultInput["files"] = Object.fromEntries(
  ["blocks", "audit"].map((name) => [
    name,
    {
      place: { kind: "folder", folder: name, match: "" },
      skipBytes: 0,
      found: told,
      open: { operation: "metrics", value: "open" },
      failing: { ...told, equals: "failed" },
    },
  ]),
);
const input: FaultInput = {
  id: "f",
  subjects: {
    nodes: ["n1", "n2"],
    sides: [
      ["n1", "n2"],
      ["n4", "n5"],
    ],
  },
  order: allNodes,
  seed: "seed",
  cores: 2,
  files,
  links: allNodes.flatMap((from) => allNodes.filter((to) => to !== from).map((to) => ({ from, to }))),
};
/** What is known of a kind of fault: good parameters, how many actions and signs they make on two nodes of five, and what must be refused. */
interface Known {
  readonly params: JsonObject;
  readonly actions: number;
  readonly signs: number;
  readonly refused: readonly JsonObject[];
}
const known = (params: JsonObject, [actions, signs]: readonly [number, number], ...refused: JsonObject[]): Known => ({
  params,
  actions,
  signs,
  refused: [...refused, { ...params, more: 1 }],
});
const onTwo = [2, 2] as const;
// Between two sides of two: four links each way. To and from two nodes of five: 20 links less the six among the others.
const crossing = [8, 8] as const;
const command = { program: "true", arguments: [] };
const table: Readonly<Record<keyof typeof faults, Known>> = {
  "alter-record": known({ files: "audit" }, onTwo, {}, { files: "" }),
  bandwidth: known({ rate: "100KB/s" }, crossing, {}, { rate: "100" }, { rate: "1KB/s", direction: "up" }),
  "bit-flip": known({ files: "blocks", rate: "5%" }, onTwo, { files: "blocks" }, { files: "blocks", rate: 5 }),
  // Three others, in halves of two and one.
  bridge: known({ mode: "refuse" }, [4, 4], { mode: "slow" }),
  "clock-skew": known({ offset: "-10m" }, onTwo, {}, { offset: "10" }, { offset: 10 }),
  // Everybody on a side receives from the other.
  corrupt: known({ rate: "1%" }, [8, 4], {}, { rate: 0.01 }),
  "cpu-limit": known({ share: "50%", of: "node" }, onTwo, {}, { share: 0.5 }, { share: "50%", of: "all" }),
  "crash-loop": known({ up: "2s", down: "1s" }, onTwo, { up: "2s" }, { up: "2", down: "1s" }),
  "descriptor-limit": known({ limit: 64 }, onTwo, {}, { limit: 0 }, { limit: "64" }),
  "disk-fill": known({ level: "80%" }, onTwo, {}, { level: "full" }),
  exec: known({ ...command, undo: command, check: command }, [2, 0], command, { ...command, undo: command }),
  "folder-failure": known({ files: "blocks" }, onTwo, {}),
  hook: known({ hook: "hold" }, onTwo, {}, { hook: "" }, { hook: "hold", arguments: { service: null } }),
  isolate: known({ mode: "refuse" }, [14, 14], { mode: "slow" }, { mod: "stall" }),
  kill: known({}, onTwo, { hard: true }),
  latency: known({ delay: "100ms", jitter: "20ms" }, crossing, {}, { delay: 100 }),
  // Of two nodes each hears a majority: both.
  "majorities-ring": known({}, [0, 0], { mode: "slow" }),
  "memory-limit": known({ limit: "256MiB" }, onTwo, {}, { limit: 256 }, { limit: "256" }),
  "one-way": known({}, [4, 4], { mode: "slow" }),
  partition: known({}, crossing, { mode: 1 }),
  pause: known({}, onTwo, { for: "5s" }),
  reset: known({}, crossing, { direction: "up" }),
  restart: known({ down: "500ms" }, onTwo, { down: 500 }),
  "rolling-restart": known({ every: "2s" }, onTwo, {}, { every: "2" }),
  "service-failure": known({ service: "storage" }, onTwo, {}, { service: "storage", dependents: "yes" }),
  stall: known({}, crossing, { mode: "stall" }),
  "torn-write": known({ files: "blocks", rate: "5%" }, onTwo, { rate: "5%" }),
  truncate: known({ files: "blocks", rate: "5%" }, onTwo, { rate: "5%" }),
};

test.each(Object.values<Fault>(faults).map((fault) => [fault.name, fault] as const))(
  "%s is pure data: every action has an id of its own, a known capability, an undo, and signs by which it is seen.",
  (name, fault) => {
    const { params, actions, signs, refused } = table[name as keyof typeof table];
    expect(fault.check(params)).toEqual([]);
    const effect = fault.work(params, input);
    expect(effect).toEqual(fault.work(params, input));
    expect(effect.actions).toHaveLength(actions);
    expect(new Set(effect.actions.map(({ id }) => id)).size).toBe(actions);
    expect(effect.signs).toHaveLength(signs);
    expect(new Set(effect.signs.map(signName)).size).toBe(signs);
    expect(JSON.parse(JSON.stringify(effect))).toEqual(effect);
    for (const { capability, fault: owner, undo } of effect.actions) {
      expect(fault.capabilities(params)).toContain(capability);
      expect([owner, undo === "irreversible"]).toEqual(["f", capability === "disk.alter"]);
    }
    for (const bad of refused) {
      expect(fault.check(bad)).not.toEqual([]);
      expect(() => fault.work(bad, input)).toThrow(TypeError);
    }
  },
);

test("A partition leaves the bridge alone, and cuts both directions.", () => {
  const links = faults.partition.work({}, input).actions.map(({ id }) => id.split("/").at(-1));
  expect(links).toContain("n1>n4");
  expect(links).toContain("n4>n1");
  expect(links.some((link) => link?.includes("n3"))).toBe(false);
});

test("A fault on nobody does nothing and promises nothing.", () => {
  const nobody = { ...input, subjects: { nodes: [], sides: [] } };
  expect(faults.kill.work({}, nobody)).toEqual({ actions: [], signs: [] });
});

/** A swarm in which not everybody may dial everybody: n1 and n2 know each other, n2 and n3, n3 and n4; n1 also dials n4, but is not dialled by it. */
const sparse = [
  ["n1", "n2"],
  ["n2", "n1"],
  ["n2", "n3"],
  ["n3", "n2"],
  ["n3", "n4"],
  ["n4", "n3"],
  ["n1", "n4"],
].map(([from = "", to = ""]) => ({ from, to }));
const subjects = {
  nodes: ["n3"],
  sides: [
    ["n1", "n2"],
    ["n3", "n4"],
  ],
};

test.each([
  ["partition", ["n2>n3", "n3>n2", "n1>n4"]],
  ["isolate", ["n2>n3", "n3>n2", "n3>n4", "n4>n3"]],
] as const)("%s cuts only links that there are: %j.", (name, cut) => {
  const { actions, signs } = faults[name].work({}, { ...input, subjects, links: sparse });
  expect(actions.map(({ id }) => id.split("/").at(-1))).toEqual(cut);
  expect(signs.map((sign) => (sign.sign === "unheard" ? `${sign.link.from}>${sign.link.to}` : ""))).toEqual(cut);
});

test("Where there are no links there is nothing to cut.", () => {
  for (const name of ["partition", "isolate"] as const) {
    expect(faults[name].work({}, { ...input, subjects, links: [] })).toEqual({ actions: [], signs: [] });
  }
});

const linksOf = (name: keyof typeof faults, params: JsonObject, changed: Partial<FaultInput>): readonly string[] =>
  faults[name].work(params, { ...input, ...changed }).actions.map(({ id }) => id.split("/").at(-1) ?? "");
const onNodes = (...nodes: readonly string[]): Partial<FaultInput> => ({ subjects: { nodes, sides: [] } });

test("Links of nodes are hit in the direction that is said, seen from the nodes.", () => {
  const three = { links: fullMesh(["n1", "n2", "n3"]), ...onNodes("n1") };
  expect(linksOf("latency", { delay: "1s" }, three)).toEqual(["n1>n2", "n1>n3", "n2>n1", "n3>n1"]);
  expect(linksOf("stall", { direction: "out" }, three)).toEqual(["n1>n2", "n1>n3"]);
  expect(linksOf("reset", { direction: "in" }, three)).toEqual(["n2>n1", "n3>n1"]);
});

test("One way: the first side is not heard, and hears.", () => {
  const sides = { subjects: { nodes: [], sides: [["n1"], ["n2"], ["n3"]] } };
  expect(linksOf("one-way", {}, sides)).toEqual(["n1>n2", "n1>n3"]);
});

test.each([3, 4, 5, 6, 7])("In a ring of %i each node hears a majority, and no two the same one.", (size) => {
  const ring = Array.from({ length: size }, (_, index) => `n${index + 1}`);
  const cut = linksOf(
    "majorities-ring",
    {},
    { order: [...ring].reverse(), links: fullMesh(ring), ...onNodes(...ring) },
  );
  const heard = ring.map((node) => ring.filter((other) => other === node || !cut.includes(`${other}>${node}`)));
  expect(new Set(heard.map((nodes) => nodes.length))).toEqual(new Set([Math.floor(size / 2) + 1]));
  // Of three any two are a majority: two nodes may share one only where there are fewer majorities than nodes.
  expect(new Set(heard.map(String)).size).toBe(size);
});

test("A bridge hears both halves, which do not hear each other; the halves follow the drawn order.", () => {
  const order = ["n5", "n1", "n4", "n2", "n3"];
  const cut = linksOf("bridge", {}, { order, ...onNodes("n4") });
  expect([...cut].sort()).toEqual(
    ["n5", "n1"].flatMap((left) => ["n2", "n3"].flatMap((right) => [`${left}>${right}`, `${right}>${left}`])).sort(),
  );
});

test("The same seed gives a link the same draws, another seed or link others.", () => {
  const seeds = (seed: string): readonly unknown[] =>
    faults.corrupt.work({ rate: "1%" }, { ...input, seed }).actions.map(({ params }) => params["seed"]);
  expect(seeds("a")).toEqual(seeds("a"));
  expect(new Set([...seeds("a"), ...seeds("b")]).size).toBe(16);
});

test("A node can refuse altered pieces only of those from whom its links come.", () => {
  const { signs } = faults.corrupt.work({ rate: "1%" }, { ...input, ...onNodes("n1") });
  const peers = new Map(signs.map((sign) => (sign.sign === "reports" ? [sign.node, sign.peers] : ["", []])));
  expect(peers.get("n1")).toEqual(["n2", "n3", "n4", "n5"]);
  expect(peers.get("n4")).toEqual(["n1"]);
});

test("A share of processor time shows in standing still only where it leaves little.", () => {
  const shownBy = (share: string): readonly (readonly string[])[] =>
    faults["cpu-limit"]
      .work({ share }, input)
      .signs.map((sign) => (sign.sign === "reports" ? sign.force.map(({ value }) => value) : []));
  expect(shownBy("50%")[0]).toEqual(["cpuLimit", "longestPauseMs"]);
  expect(shownBy("90%")[0]).toEqual(["cpuLimit"]);
  expect(shownBy("100%")[0]).toEqual(["cpuLimit"]);
});

test("Restarts come one after another, all at once, or again and again.", () => {
  const schedules = (name: keyof typeof faults, params: JsonObject): readonly JsonObject[] =>
    faults[name].work(params, { ...input, ...onNodes("n1", "n2") }).actions.map((one) => one.params);
  expect(schedules("restart", {})).toEqual([once(0, 0), once(0, 0)]);
  expect(schedules("rolling-restart", { every: "2s", down: "500ms" })).toEqual([once(0, 500), once(2000, 500)]);
  const again = { afterMs: 2000, downMs: 1000, everyMs: 3000 };
  expect(schedules("crash-loop", { up: "2s", down: "1s" })).toEqual([again, again]);
});
const once = (afterMs: number, downMs: number): JsonObject => ({ afterMs, downMs, everyMs: null });

test("A service's failure tells the hook which service, and whether its dependents fail too.", () => {
  const { actions } = faults["service-failure"].work({ service: "p2p", dependents: true }, input);
  expect(actions[0]?.params).toEqual({ hook: "fail-service", arguments: { service: "p2p", dependents: true } });
  expect(faults["service-failure"].refersTo?.({ service: "p2p" })).toEqual({
    hooks: [{ name: "fail-service", arguments: ["service", "dependents"] }],
    files: [],
  });
});

test("Where the target does not say how nodes tell what they found, altered files have no sign.", () => {
  expect(faults["bit-flip"].work({ files: "blocks", rate: "5%" }, { ...input, files: {} }).signs).toEqual([]);
});
