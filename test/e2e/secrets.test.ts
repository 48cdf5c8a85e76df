import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Ended, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { changedReference } from "../support/hand-started.ts";
import { processesOf } from "../support/processes.ts";

const token = "s3ntinel-of-the-environment";
const password = "s3ntinel-of-a-file";
const jobToken = "s3ntinel/of+the job";
const place = new Workplace();
let target: string;

beforeAll(() => {
  vi.stubEnv("SECRETS_TEST_TOKEN", token);
  vi.stubEnv("CI_JOB_TOKEN", jobToken);
  writeFileSync(join(place.folder, "password"), `${password}\n`);
  target = changedReference(join(place.folder, "secretive.yaml"), (file) => {
    file.name = "secretive";
    const start = file.nodes["start"] as { environment: Record<string, unknown> };
    start.environment["NODE_PASSWORD"] = { fromFile: "password" };
    start.environment["NODE_TOKEN"] = { fromEnvironment: "SECRETS_TEST_TOKEN" };
    file["credentials"] = { basic: { user: "chaos", password: { fromFile: "password" } } };
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await place[Symbol.asyncDispose]();
});

/** Everything that a run wrote, by file. */
function written(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, "utf8")] as const);
}

/** Printed by nodes at their start and with every refusal, in every form that a program may choose. */
const talk = `
import { ServerResponse } from "node:http";
const { NODE_TOKEN: token, NODE_PASSWORD: password, CI_JOB_TOKEN: job } = process.env;
console.log("environment", JSON.stringify(process.env));
for (const one of [token, password, job]) {
  for (const form of ["base64", "base64url", "hex"]) {
    console.log(form, Buffer.from(one).toString(form), Buffer.from("u:" + one + "@host").toString(form));
  }
  console.error("https://host/?token=" + encodeURIComponent(one), encodeURIComponent(JSON.stringify({ one })));
  console.error(JSON.stringify({ body: JSON.stringify({ authorization: "Bearer " + one }) }));
}
const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (chunk, ...rest) {
  const isRefusal = this.statusCode >= 400 && this.req.method !== "GET";
  if (!isRefusal) return end.call(this, chunk, ...rest);
  this.removeHeader("content-length");
  return end.call(this, JSON.stringify({ error: "no right for " + token + " " + btoa("chaos:" + password) }));
};
if (process.env.ENDS_AT_ONCE) process.exit(3);
`;

/** Every form in which a text of ours may hold one of the secrets. */
const anyForm = [token, password, jobToken].flatMap((one) => {
  const bytes = (before: string): string => Buffer.from(`${before}${one}`).toString("base64").slice(8, -6);
  return [one, encodeURIComponent(one), Buffer.from(one).toString("hex"), bytes(""), bytes("u:"), bytes("chaos:")];
});
const tellsAny = (text: string): boolean => anyForm.some((form) => text.includes(form));

/** A target whose nodes say all that they know. */
function talkative(name: string, environment: Record<string, unknown> = {}): string {
  const module = join(place.folder, "talk.mjs");
  writeFileSync(module, talk);
  return changedReference(join(place.folder, `${name}.yaml`), (file) => {
    file.name = name;
    const start = file.nodes["start"] as { environment: Record<string, unknown>; arguments: unknown[] };
    start.arguments.unshift(`--import=${module}`);
    Object.assign(start.environment, { NODE_PASSWORD: { fromFile: "password" }, ...environment });
    start.environment["NODE_TOKEN"] = { fromEnvironment: "SECRETS_TEST_TOKEN" };
    file["credentials"] = { basic: { user: "chaos", password: { fromFile: "password" } } };
  });
}

const forms = [token, password, Buffer.from(`chaos:${password}`).toString("base64")];
const tells = (text: string): boolean => forms.some((form) => text.includes(form));

test("Nodes and operations are given their secrets, and nothing that the harness says or writes holds one.", async () => {
  const call = place.startRun("leader-loss", "--variant", "kill", "--nodes", "3", "--target", target);
  const run = await place.firstRun();
  const environments = await eventually(
    () => {
      const found = processesOf(run.run).map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
      return found.filter((text) => text.includes(`NODE_PASSWORD=${password}`)).length === 3 ? found : null;
    },
    { limitMs: 15_000, what: "three nodes with their secrets" },
  );
  expect(environments.filter((text) => text.includes(`NODE_TOKEN=${token}`))).toHaveLength(3);
  const ended: Ended = await call.ended;
  expect(ended).toMatchObject({ exitCode: 0 });
  const planned = await place.call("plan", "leader-loss", "--target", target, "--json");
  const files = written(place.out);
  expect(files.map(([file]) => file.split("/").at(-1))).toEqual(
    expect.arrayContaining(["plan.json", "history.ndjson", "undo.ndjson", "report.json", "report.html", "keeper.log"]),
  );
  expect(files.filter(([, text]) => tells(text)).map(([file]) => file)).toEqual([]);
  expect([ended.stdout, ended.stderr, planned.stdout, planned.stderr].filter(tells)).toEqual([]);
});

test("What nodes print and answer of their secrets is in no file and no message, in no form, and neither is the job's own token.", async () => {
  const out = join(place.folder, "talkative");
  const run = ["run", "leader-loss", "--variant", "kill", "--nodes", "3", "--target", talkative("talkative")];
  const ended = await place.call(...run, "--out", out, "--json");
  expect([0, 10, 11]).toContain(ended.exitCode);
  for (const format of ["junit", "ctrf", "markdown", "chaostoolkit", "json", "html"]) {
    const told = await place.call("report", out, "--format", format);
    expect([format, tellsAny(told.stdout + told.stderr), told.stdout.length > 100]).toEqual([format, false, true]);
  }
  const gate = await place.call("gate", out);
  const files = [...written(out), ...written(join(place.folder, "state"))];
  const names = files.map(([file]) => file.split("/").at(-1));
  expect(names).toEqual(
    expect.arrayContaining([
      "history.ndjson",
      "n1.log",
      "n3.log",
      "manifest.json",
      "performance.json",
      "decision.json",
    ]),
  );
  // They were printed: something stands in their place.
  const logs = files.filter(([file]) => /n\d\.log$/.test(file)).map(([, text]) => text);
  expect(logs.map((text) => text.split("‹secret›").length > 20)).toEqual([true, true, true]);
  expect(files.filter(([, text]) => tellsAny(text)).map(([file]) => file)).toEqual([]);
  expect([ended, gate].filter(({ stdout, stderr }) => tellsAny(stdout + stderr))).toEqual([]);
  const checked = await place.call("verify", out);
  expect(checked).toMatchObject({ exitCode: 0 });
}, 120_000);

test("A node that ends while it starts takes its secrets with it: neither the error nor what the run left holds one.", async () => {
  const out = join(place.folder, "ended");
  const run = ["run", "leader-loss", "--variant", "kill", "--nodes", "3", "--out", out];
  const ended = await place.call(...run, "--target", talkative("ending", { ENDS_AT_ONCE: "1" }));
  expect(ended.exitCode).toBe(69);
  expect(ended.stdout + ended.stderr).toContain("ended while it was starting");
  const files = written(out);
  expect(files.map(([file]) => file.split("/").at(-1))).toEqual(expect.arrayContaining(["run.json", "manifest.json"]));
  expect(files.filter(([, text]) => tellsAny(text)).map(([file]) => file)).toEqual([]);
  expect(tellsAny(ended.stdout + ended.stderr)).toBe(false);
});

test("A secret that is too short to be told from other text is warned of by its name.", async () => {
  writeFileSync(join(place.folder, "short"), "abc\n");
  const file = talkative("short", { NODE_SHORT: { fromFile: "short" }, ENDS_AT_ONCE: "1" });
  const out = join(place.folder, "short-out");
  const ended = await place.call(
    "run",
    "leader-loss",
    "--variant",
    "kill",
    "--nodes",
    "3",
    "--out",
    out,
    "--target",
    file,
  );
  expect(ended.stderr).toMatch(/warning: the secret .*short has fewer than 6 characters/);
});

test("A secret that is not there is told by its name, and nothing is started: exit 69.", async () => {
  vi.stubEnv("SECRETS_TEST_TOKEN", "");
  const before = place.runs().length;
  const refused = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect(refused.exitCode).toBe(69);
  expect(refused.stdout).toContain("SECRETS_TEST_TOKEN is not set");
  expect(place.runs().length).toBe(before);
  expect(tells(refused.stdout + refused.stderr)).toBe(false);
});
