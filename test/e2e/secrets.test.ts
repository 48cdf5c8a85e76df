import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Ended, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { changedReference } from "../support/hand-started.ts";
import { processesOf } from "../support/processes.ts";

const token = "s3ntinel-of-the-environment";
const password = "s3ntinel-of-a-file";
const place = new Workplace();
let target: string;

beforeAll(() => {
  vi.stubEnv("SECRETS_TEST_TOKEN", token);
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

test("A secret that is not there is told by its name, and nothing is started: exit 69.", async () => {
  vi.stubEnv("SECRETS_TEST_TOKEN", "");
  const before = place.runs().length;
  const refused = await place.startRun("leader-loss", "--variant", "kill", "--target", target).ended;
  expect(refused.exitCode).toBe(69);
  expect(refused.stdout).toContain("SECRETS_TEST_TOKEN is not set");
  expect(place.runs().length).toBe(before);
  expect(tells(refused.stdout + refused.stderr)).toBe(false);
});
