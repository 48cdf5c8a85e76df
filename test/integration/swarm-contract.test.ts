import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../support/command-line.ts";
import { SwarmNodes, type SwarmAnswer } from "../support/swarm-nodes.ts";

// What nodes answer is held against their OpenAPI document, in good days and while something fails.

interface Answers {
  readonly [status: string]: {
    readonly $ref?: string;
    readonly headers?: object;
    readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Answers }>>>>;
  readonly components: { readonly responses: Answers };
}

const path = join(packageRoot, "fixtures", "reference-swarm", "openapi.yaml");
const document = parse(readFileSync(path, "utf8")) as Document;
const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
ajv.addSchema(document, "openapi");

/** What is wrong with an answer by the document, empty if nothing. */
function breaches(method: string, template: string, answer: SwarmAnswer): readonly string[] {
  const listed = document.paths[template]?.[method]?.responses[String(answer.status)];
  if (listed === undefined) return [`${answer.status} is not listed`];
  const shared = listed.$ref?.split("/").at(-1) ?? "";
  const { content = {}, headers } = document.components.responses[shared] ?? listed;
  const type = answer.headers.get("content-type") ?? "";
  const schema = content[type]?.schema;
  if (schema === undefined) return [`${type} is not listed for ${answer.status}`];
  const based: unknown = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/'));
  const isRight = ajv.validate(based as object, answer.body);
  const missing = headers !== undefined && answer.headers.get("retry-after") === null ? ["no Retry-After"] : [];
  return [...missing, ...(isRight ? [] : [ajv.errorsText()])];
}

const swarm = new SwarmNodes(1);
beforeAll(() => swarm.start());
afterAll(() => swarm[Symbol.asyncDispose]());

const block = { content: "AAAA" };
const task = { memory_bytes: 1000, duration_ms: 1 };
const write = { op: "write", key: "k", value: "v" };
const edit = { document: "d", edits: [{ field: "f", kind: "counter", add: 1 }] };

/** Asks all that is asked here, and gives the statuses. */
async function askAll(): Promise<readonly number[]> {
  const asked = [
    ["get", "/health", "/health"],
    ["get", "/system/health", "/system/health"],
    ["get", "/system/metrics", "/system/metrics"],
    ["get", "/network/peers", "/network/peers"],
    ["get", "/storage/stats", "/storage/stats"],
    ["get", "/sync/state", "/sync/state"],
    ["get", "/consensus/leader", "/consensus/leader"],
    ["post", "/storage/blocks", "/storage/blocks", block],
    ["post", "/tasks", "/tasks", task],
    ["post", "/consensus/propose", "/consensus/propose", write],
    ["post", "/sync/merge", "/sync/merge", edit],
    ["get", "/storage/blocks/{cid}", `/storage/blocks/${"0".repeat(64)}`],
    ["get", "/tasks/{id}/progress", "/tasks/none/progress"],
    ["post", "/tasks", "/tasks", { ...task, memory_bytes: 64 * 1024 * 1024 + 1 }],
  ] as const;
  const statuses: number[] = [];
  for (const [method, template, at, body] of asked) {
    const answer = await swarm.call("n1", at, body);
    expect(breaches(method, template, answer), `${method} ${at}`).toEqual([]);
    statuses.push(answer.status);
  }
  return statuses;
}

test("all answers are as the document says while everything works.", async () => {
  expect(await askAll()).toEqual([200, 200, 200, 200, 200, 200, 200, 201, 201, 200, 200, 404, 404, 422]);
  const begun = await swarm.call("n1", "/tasks", task);
  const progress = await swarm.call("n1", `/tasks/${String(begun.body["id"])}/progress`);
  expect(breaches("get", "/tasks/{id}/progress", progress)).toEqual([]);
});

test("they are too while every service fails, and while memory and disk are short.", async () => {
  const services = ["storage", "p2p", "consensus", "sync", "coordination"];
  for (const service of services) await swarm.hook("n1", "/services", { service, dependents: false, failed: true });
  expect(await askAll()).toEqual([200, 503, 200, 200, 200, 200, 200, 202, 202, 503, 503, 503, 404, 422]);
  for (const service of services) await swarm.hook("n1", "/services", { service, dependents: false, failed: false });
  await swarm.until("n1", "/system/health", ({ status }) => status === 200);
  await swarm.hook("n1", "/limits", { memory_bytes: 1, disk_bytes: 1 });
  expect(await askAll()).toEqual([200, 200, 200, 200, 200, 200, 200, 429, 429, 200, 200, 404, 404, 422]);
});

test("an answer that is not as the document says is noticed.", () => {
  const headers = new Headers({ "content-type": "application/json" });
  expect(breaches("get", "/system/metrics", { status: 200, headers, body: {} })).toHaveLength(1);
  expect(breaches("get", "/system/metrics", { status: 201, headers, body: {} })).toEqual(["201 is not listed"]);
});
