import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

const place = new Workplace();
const keyFile = join(place.folder, "seal.key");
const run = ["run", "leader-loss", "--variant", "kill", "--nodes", "3", "--out", place.out];

beforeAll(() => writeFileSync(keyFile, "a secret of a test, of 32 bytes and more", { mode: 0o600 }));
afterAll(async () => place[Symbol.asyncDispose]());

test("A series that was run with a key is sealed throughout, and each run can be checked; one byte of a history is found by all.", async () => {
  const ended = await place.call(...run, "--repeat", "2", "--seal-key-file", keyFile);
  expect(ended.exitCode).toBe(0);
  const runs = place.runs();
  expect(runs).toHaveLength(2);
  for (const one of runs) {
    const { files, seal } = one.json("manifest.json") as { files: { path: string }[]; seal: unknown };
    const there = readdirSync(one.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(there.length - 1);
    expect(seal).toMatchObject({ algorithm: "HMAC-SHA256" });
    expect((await place.call("check", one.path)).exitCode).toBe(0);
  }
  const verified = await place.call("verify", place.out, "--key-file", keyFile, "--json");
  expect(verified).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true });
  // No command says the key.
  for (const { stdout, stderr } of [ended, verified]) expect(stdout + stderr).not.toContain("a secret of a test");
  const [first] = runs;
  const history = join(first?.path ?? "", "history.ndjson");
  const text = readFileSync(history, "utf8");
  writeFileSync(
    history,
    text.replace(/\d(?=[^\d]*$)/, (digit) => (digit === "1" ? "2" : "1")),
  );
  for (const call of [
    ["check", first?.path ?? ""],
    ["verify", place.out],
    ["gate", place.out],
    ["seal", place.out, "--key-file", keyFile],
  ]) {
    const found = await place.call(...call);
    expect([call[0], found.exitCode]).toEqual([call[0], 12]);
    expect(found.stdout).toContain("history.ndjson");
  }
}, 120_000);

test("A run without the key leaves its own manifests without a seal, and whoever asks with the key is told.", async () => {
  const out = join(place.folder, "unsealed");
  await place.call("run", "leader-loss", "--variant", "kill", "--nodes", "3", "--out", out);
  const verified = await place.call("verify", out, "--key-file", keyFile);
  expect(verified).toMatchObject({ exitCode: 11, stdout: expect.stringContaining("is not sealed") });
  const sealed = await place.startIn({ environment: { PRISM_CHAOS_SEAL_KEY_FILE: keyFile } }, "seal", out).ended;
  expect(sealed.exitCode).toBe(0);
  expect((await place.call("verify", out, "--key-file", keyFile)).exitCode).toBe(0);
}, 120_000);

test("A run that was broken off has a manifest, too, and what is added to it later is found.", async () => {
  await using own = new Workplace();
  const call = own.startRun("leader-loss", "--variant", "kill", "--nodes", "3");
  const one = await own.firstRun();
  const isUnderWay = (): true | null => (one.says("history.ndjson", "warm-up") ? true : null);
  await eventually(isUnderWay, { limitMs: 30_000, what: "traffic" });
  call.kill("SIGINT");
  expect((await call.ended).exitCode).toBe(130);
  expect(await place.call("check", one.path)).toMatchObject({
    exitCode: 11,
    stdout: expect.not.stringContaining("manifest.json"),
  });
  appendFileSync(join(one.path, "notes.txt"), "it was like that");
  expect(await place.call("check", one.path)).toMatchObject({
    exitCode: 12,
    stdout: expect.stringContaining("notes.txt was added"),
  });
}, 60_000);

test("A key that cannot be used is refused before anything is started: exit 64.", async () => {
  const short = join(place.folder, "short.key");
  writeFileSync(short, "too short");
  const before = place.runs().length;
  const refused = await place.call(...run, "--seal-key-file", short);
  expect(refused).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("has 9 bytes") });
  expect(refused.stdout + refused.stderr).not.toContain("too short");
  expect(place.runs()).toHaveLength(before);
});
