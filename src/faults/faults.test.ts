import { expect, test } from "vitest";
import type { Fault, FaultInput } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { faults } from "./index.ts";

const allNodes = ["n1", "n2", "n3", "n4", "n5"];
const input: FaultInput = {
  id: "f",
  subjects: {
    nodes: ["n1", "n2"],
    sides: [
      ["n1", "n2"],
      ["n4", "n5"],
    ],
  },
  links: allNodes.flatMap((from) => allNodes.filter((to) => to !== from).map((to) => ({ from, to }))),
};
/** Good parameters, how many actions they make on two nodes of five, and parameters that must be refused. */
const table: Readonly<Record<keyof typeof faults, readonly [JsonObject, number, readonly JsonObject[]]>> = {
  hook: [{ hook: "hold" }, 2, [{}, { hook: "" }, { hook: "hold", more: 1 }]],
  // Two of five nodes: 20 directed links less the six among the other three.
  isolate: [{ mode: "refuse" }, 14, [{ mode: "slow" }, { mod: "stall" }]],
  kill: [{}, 2, [{ hard: true }]],
  partition: [{}, 8, [{ mode: 1 }]],
  pause: [{}, 2, [{ for: "5s" }]],
};

test.each(Object.values<Fault>(faults).map((fault) => [fault.name, fault] as const))(
  "%s is pure data: every action has an id of its own, a known capability, an undo and a sign.",
  (name, fault) => {
    const [params, count, refused] = table[name as keyof typeof table];
    expect(fault.check(params)).toEqual([]);
    const effect = fault.work(params, input);
    expect(effect).toEqual(fault.work(params, input));
    expect(effect.actions).toHaveLength(count);
    expect(new Set(effect.actions.map(({ id }) => id)).size).toBe(count);
    expect(effect.signs).toHaveLength(count);
    expect(JSON.parse(JSON.stringify(effect))).toEqual(effect);
    for (const { capability, fault: owner, undo } of effect.actions) {
      expect(fault.capabilities(params)).toContain(capability);
      expect([owner, undo]).toEqual(["f", expect.stringMatching(/^(remove|restore)$/)]);
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
  const { actions, signs } = faults[name].work({}, { id: "f", subjects, links: sparse });
  expect(actions.map(({ id }) => id.split("/").at(-1))).toEqual(cut);
  expect(signs.map((sign) => (sign.sign === "unheard" ? `${sign.link.from}>${sign.link.to}` : ""))).toEqual(cut);
});

test("Where there are no links there is nothing to cut.", () => {
  for (const name of ["partition", "isolate"] as const) {
    expect(faults[name].work({}, { id: "f", subjects, links: [] })).toEqual({ actions: [], signs: [] });
  }
});
