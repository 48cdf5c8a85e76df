import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "../../src/faults/index.ts";
import { allHealthy, type ContractSwarm, startContractSwarm, target } from "../support/contract-swarm.ts";
import { eventually } from "../support/eventually.ts";

// libfaketime must be there (scripts/setup-real.sh): without it these tests fail, they are not skipped.

const limitMs = 5000;
const { signal } = new AbortController();

let swarm: ContractSwarm;
beforeAll(async () => {
  swarm = await startContractSwarm(`clock-skew-${process.pid}`, ["process.clock"]);
  await allHealthy(swarm);
});
afterAll(() => swarm.close());

test.each(["10m", "-90s"])(
  "A clock that is %s off is seen by the node's own answer, and right again when healed.",
  async (offset) => {
    const { effects, recorder, owned, plan } = swarm;
    const subjects = { nodes: ["n1"], sides: [] };
    const input = {
      id: "skew",
      subjects,
      links: plan.links,
      order: plan.castingOrder,
      seed: plan.seed,
      files: target.files,
    };
    const effect = faults["clock-skew"].work({ offset }, { ...input, cores: 2 });
    const driver = owned.driver("process.clock");
    expect(await driver.read(effect.actions, signal)).toEqual(["absent"]);
    const before = swarm.watch(effect, recorder.nowMs());
    const sign = { limitMs, what: `the clock of n1, ${offset} off` };
    const injected = await effects.inject(effect.actions, signal);
    expect(injected).toMatchObject({ actions: 1, inForce: 1, problems: [] });
    const watch = swarm.watch(effect, recorder.sinceStart(injected.finishedMs));
    await eventually(() => watch.allSeen() && before.allSeen(), sign);
    expect(await effects.heal("skew", signal)).toMatchObject({ inForce: 0, problems: [] });
    expect(await driver.read(effect.actions, signal)).toEqual(["absent"]);
    watch.beginHealed(recorder.nowMs());
    await eventually(() => watch.allGone(), sign);
    expect(await effects.heal("skew", signal)).toMatchObject({ actions: 0, inForce: 0 });
    await allHealthy(swarm);
    expect(swarm.exits).toEqual([]);
  },
);

test("The other nodes' clocks are right meanwhile, and a node that is killed comes back with the wrong one.", async () => {
  const { effects, recorder, plan } = swarm;
  const input = { links: plan.links, order: plan.castingOrder, seed: plan.seed, files: target.files, cores: 2 };
  const skew = faults["clock-skew"].work(
    { offset: "1h" },
    { ...input, id: "skew", subjects: { nodes: ["n1"], sides: [] } },
  );
  const others = faults["clock-skew"].work(
    { offset: "1h" },
    { ...input, id: "none", subjects: { nodes: ["n2", "n3"], sides: [] } },
  );
  const kill = faults.kill.work({}, { ...input, id: "kill", subjects: { nodes: ["n1"], sides: [] } });
  await effects.inject(skew.actions, signal);
  await effects.inject(kill.actions, signal);
  await effects.heal("kill", signal);
  await allHealthy(swarm);
  const [wrong, right] = [skew, others].map((effect) => swarm.watch(effect, recorder.nowMs()));
  await eventually(() => wrong?.allSeen() === true && right?.allGone() === true, {
    limitMs,
    what: "the clocks as they are",
  });
  expect(await effects.heal("skew", signal)).toMatchObject({ inForce: 0 });
});
