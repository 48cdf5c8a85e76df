import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onlyJson, packageRoot, Workplace } from "../support/command-line.ts";
import { processesOf } from "../support/processes.ts";
import { runFolders } from "../support/run-folder.ts";

// etcd must be there (scripts/setup-real.sh): without it these tests fail, they are not skipped.

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

const shipped = readFileSync(join(packageRoot, "fixtures", "targets", "etcd.yaml"), "utf8");

/** The shipped target with one thing wrong in it, as a file. */
function wrong(name: string, from: string, to: string): string {
  expect(shipped).toContain(from);
  const file = join(place.folder, `${name}.yaml`);
  writeFileSync(file, shipped.replace(from, to));
  return file;
}

/** The newest run's folder. */
function newest(): ReturnType<typeof runFolders>[number] {
  const run = runFolders(place.out).at(-1);
  if (run === undefined) throw new Error("nothing was run");
  return run;
}

const verdict = (check: string): string | undefined =>
  newest()
    .report()
    .verdicts.find((one) => one.check === check)?.status;

test.each(["kill", "pause", "several"])(
  "The leader of three members is lost by %s: another takes over, nothing acknowledged is lost.",
  async (variant) => {
    const size = variant === "several" ? ["--nodes", "5"] : [];
    const ended = await place.startRun("leader-loss", "--variant", variant, "--target", "etcd", ...size).ended;
    expect(ended).toMatchObject({ exitCode: 0 });
    const { status, plan, verdicts, measurements } = newest().report();
    expect(status).toBe("pass");
    expect(plan.nodes).toHaveLength(variant === "several" ? 5 : 3);
    expect(verdicts.filter(({ status: own }) => own !== "pass")).toEqual([]);
    expect(measurements.find(({ measure }) => measure === "failover.time")).toMatchObject({ kind: "measured" });
    expect(processesOf(newest().run)).toEqual([]);
    expect((await place.call("check", newest().path)).exitCode).toBe(0);
  },
);

test.each([
  ["cut", "link.stall"],
  ["revote", "hook"],
])("Variant %s cannot be run: exit 69, with what is missing and which targets have it.", async (variant, missing) => {
  const ended = await place.call("plan", "leader-loss", "--variant", variant, "--target", "etcd", "--nodes", "5");
  expect(ended.exitCode).toBe(69);
  expect(ended.stdout).toMatch(new RegExp(`MISSING .*${missing}.*targets that have it all: reference`));
});

// What a target file gets wrong must not make a run pass: each of these must be seen for what it is.

test("A write that leaves out the value is seen: reads return what nobody wrote.", async () => {
  const target = wrong(
    "drops-value",
    'value: "{value|base64}" }\n    definite: *refused',
    "value: bm90aGluZw== }\n    definite: *refused",
  );
  const ended = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect(ended.exitCode).toBe(10);
  expect(verdict("linearizable")).toBe("fail");
});

test("A compare-and-set that counts as done although it was refused is seen: its value is nowhere.", async () => {
  const target = wrong(
    "cas-always-ok",
    "ok: { statuses: [200], where: { pointer: /succeeded, equals: true } }",
    "ok: { statuses: [200] }",
  );
  const ended = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect(ended.exitCode).toBe(10);
  expect(verdict("linearizable")).toBe("fail");
});

test("A good answer that is none shows nothing: no write is acknowledged, and the run does not pass.", async () => {
  const target = wrong("never-ok", "path: /v3/kv/put", "path: /v3/kv/put\n    ok: { statuses: [201] }");
  const ended = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect([10, 11]).toContain(ended.exitCode);
  const writes = new Set(
    newest()
      .history()
      .flatMap((event) => (event.type === "op.invoked" && event.kind === "write" ? event.op : [])),
  );
  expect(writes.size).toBeGreaterThan(100);
  expect(
    newest()
      .history()
      .filter((event) => event.type === "op.ok" && writes.has(event.op)),
  ).toEqual([]);
  expect(verdict("uptime.ratio >= 99.5%")).toBe("fail");
});

test("Reads that may be stale are seen: a member that slept answers from before.", async () => {
  const target = wrong("stale", 'body: { key: "{key|base64}" }', 'body: { key: "{key|base64}", serializable: true }');
  const ended = await place.startRun("leader-loss", "--variant", "pause", "--target", target).ended;
  expect(ended.exitCode).toBe(10);
  expect(verdict("linearizable")).toBe("fail");
});

test("A program that is not there is told, with nothing left behind: exit 69.", async () => {
  const target = wrong("no-program", "program: etcd", "program: etcd-that-is-nowhere");
  const ended = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect(ended.exitCode).toBe(69);
  expect(onlyJson(ended)).toMatchObject({ runs: [{ brokenOff: expect.stringContaining("etcd-that-is-nowhere") }] });
});
