import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { HttpRequest, HttpTransport } from "../core/operation-answer.ts";
import type { Operation, Target } from "../core/target.ts";
import type { TextAnswer, Transports } from "../core/transports.ts";
import { classify } from "./classify.ts";
import { loadTarget } from "./load.ts";
import { nodeCommand } from "./node-command.ts";
import { operations } from "./operate.ts";
import { fill, fillArguments, fillJson } from "./template.ts";

const folder = mkdtempSync(join(tmpdir(), "targets-"));
afterAll(() => rmSync(folder, { recursive: true }));
const text = `
name: toy
title: A toy
nodes:
  prefix: n
  minimum: 1
  maximum: 3
  ports: [http, peer]
  start: { program: "{runtime}", arguments: ["--id={node}", { each: peer, template: "{peer}@{reach}", join: "," }], environment: { DEFECT: "{defect}" } }
  readyWithin: 5s
links: { port: peer }
operations:
  health: { port: http, method: GET, path: /health, values: { role: /role } }
  write:
    port: http
    method: POST
    path: /kv/{key}
    headers: { idempotency-key: "{id}" }
    body: { value: "{value}", expected: "{expected}" }
    definite: [{ statuses: [409] }, { statuses: [503], where: { pointer: /applied, equals: "no" } }]
    values: { ids: /peers/*/id }
hooks:
  hold: { apply: write, remove: write, read: health, inForce: { value: role, equals: held } }
`;

function load(content: string): Target {
  const file = join(folder, "target.yaml");
  writeFileSync(file, content);
  return loadTarget(file);
}

const toy = load(text);

test.each([
  ["a port that no node has", "port: http, method: GET", "port: htp, method: GET", /no port "htp"/],
  ["a link port that no node has", "links: { port: peer }", "links: { port: per }", /no port "per"/],
  ["a hook of an operation that is not there", "apply: write", "apply: wrte", /no operation "wrte"/],
  [
    "a time without its unit",
    "readyWithin: 5s",
    "readyWithin: 5",
    /readyWithin is 5, without a unit \(did you mean 5s\?\)/,
  ],
  ["a wrong time", "readyWithin: 5s", "readyWithin: 5 sec", /readyWithin is "5 sec", .*did you mean 5s\?/],
  ["an unknown key", "links: { port: peer }", "links: { port: peer, ports: 1 }", /unknown key "ports"/],
])("%s is told with its place.", (_what, from, to, message) => {
  expect(text).toContain(from);
  expect(() => load(text.replace(from, to))).toThrow(message);
  expect(() => load(text.replace(from, to))).toThrow(/target\.yaml:\d+:\d+: /);
});

test("The shipped targets are valid.", () => {
  const shipped = join(import.meta.dirname, "..", "..", "fixtures", "targets");
  const targets = readdirSync(shipped).map((file) => loadTarget(join(shipped, file)));
  expect(targets.length).toBeGreaterThanOrEqual(2);
  for (const { file, operations: own } of targets) {
    expect(Object.keys(own)).toEqual(expect.arrayContaining(["health", "leader", "read", "write", "cas"]));
    expect(readFileSync(file, "utf8")).toContain("$schema=../../schemas/target.schema.json");
  }
});

test("Texts are filled; a text that is one holder keeps the value's type; a holder without a value is refused.", () => {
  expect(fill("{a}-{b}", { a: "x", b: 2 })).toBe("x-2");
  expect(fillJson({ v: "{a}", w: ["{b}", "{a}!"] }, { a: "x", b: null })).toEqual({ v: "x", w: [null, "x!"] });
  expect(() => fill("{c}", { a: "x" })).toThrow(/\{c\} stands for nothing here/);
  expect(() => fill("{constructor}", { a: "x" })).toThrow(/stands for nothing/);
  expect(
    fillArguments(
      [{ each: "peer", template: "{peer}", join: "+" }],
      {},
      { peer: [{ peer: "a" }, { peer: "b" }], member: [], voter: [] },
    ),
  ).toEqual(["a+b"]);
});

test("A node's command has every peer with the address at which this node reaches it.", () => {
  const command = nodeCommand(toy, {
    address: { node: "n1", host: "127.0.0.1", ports: { http: 1, peer: 2 } },
    members: ["n1", "n2", "n3"].map((node, index) => ({
      node,
      host: "127.0.0.1",
      ports: { http: 1, peer: 10 + index },
    })),
    data: "/data",
    voters: ["n1", "n2", "n3"],
    joinsLater: false,
    reach: { n2: "127.0.0.1:22", n3: "127.0.0.1:33" },
    runtime: "node",
    packageFolder: "/package",
    defect: "odd",
  });
  expect(command).toEqual({
    node: "n1",
    program: "node",
    arguments: ["--id=n1", "n2@127.0.0.1:22,n3@127.0.0.1:33"],
    environment: { DEFECT: "odd" },
  });
});

const started = toy.nodes.source;

test("A node's command lists only peers that it has a link to, the nodes that vote, and whether it joins later.", () => {
  if (started.kind !== "started") throw new TypeError("the toy is started");
  const listing = [
    { each: "peer", template: "{peer}={reach}", join: "," },
    { each: "voter", template: "{voter}:{port.peer}", join: "," },
    "--join={join}",
  ] as const;
  const source = { ...started, start: { ...started.start, arguments: listing } };
  const of = (joinsLater: boolean): readonly string[] =>
    nodeCommand(
      { ...toy, nodes: { ...toy.nodes, source } },
      {
        address: { node: "n4", host: "h", ports: { http: 1, peer: 4 } },
        members: [1, 2, 3, 4].map((index) => ({ node: `n${index}`, host: "h", ports: { http: 1, peer: index } })),
        data: "/data",
        voters: ["n1", "n2"],
        joinsLater,
        reach: { n1: "h:11", n3: "h:33" },
        runtime: "node",
        packageFolder: "/package",
        defect: "",
      },
    ).arguments;
  expect(of(false)).toEqual(["n1=h:11,n3=h:33", "n1:1,n2:2", "--join=now"]);
  expect(of(true)).toEqual(["n1=h:11,n3=h:33", "n1:1,n2:2", "--join=later"]);
});

const operation = (name: string): Operation => {
  const found = toy.operations[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const answered = (code: number, body: string): TextAnswer => ({ answered: true, code, text: body });

test.each([
  [
    "the whole answer",
    answered(200, '{"peers":[{"id":"a"},{"id":"b"}]}'),
    { outcome: "ok", values: { ids: ["a", "b"] } },
  ],
  ["an answer without its value", answered(200, "{}"), { outcome: "info" }],
  ["half an answer", answered(200, '{"peers":'), { outcome: "info" }],
  ["a definite status", answered(409, ""), { outcome: "fail" }],
  ["a status that is definite only with its mark", answered(503, '{"applied":"no"}'), { outcome: "fail" }],
  ["the same status without the mark", answered(503, '{"applied":"unknown"}'), { outcome: "info" }],
  ["any other status", answered(500, ""), { outcome: "info" }],
  [
    "a connection that never came about",
    { answered: false, notSent: true, error: "ECONNREFUSED" },
    { outcome: "fail" },
  ],
  ["a time-out", { answered: false, notSent: false, error: "time-out" }, { outcome: "info" }],
] as const)("%s is told apart: what may have happened is never a failure.", (_what, answer, expected) => {
  expect(classify(operation("write"), answer, () => null)).toMatchObject(expected);
});

test("An operation goes to its node's port with its templates filled; one that is not there is refused.", async () => {
  const sent: HttpRequest[] = [];
  const transport: HttpTransport = (request) => {
    sent.push(request);
    return Promise.resolve({ answered: true, status: 200, body: '{"peers":[]}' });
  };
  const call = operations(toy, [{ node: "n1", host: "h", ports: { http: 81, peer: 82 } }], only(transport));
  const { signal } = new AbortController();
  const args = { key: "k", value: "v", expected: null, id: "i1" };
  await call({ node: "n1", operation: "write", arguments: args, timeoutMs: 50, signal });
  expect(sent).toEqual([
    {
      host: "h",
      port: 81,
      method: "POST",
      path: "/kv/k",
      headers: { "idempotency-key": "i1" },
      body: '{"value":"v","expected":null}',
      isSecure: false,
    },
  ]);
  const missing = call({ node: "n1", operation: "none", arguments: {}, timeoutMs: 50, signal });
  await expect(missing).rejects.toThrow(/has no operation "none"/);
});

/** Transports of which only HTTP may be used. */
function only(http: HttpTransport): Transports {
  const refuse = (): Promise<TextAnswer> => Promise.reject(new Error("not over this"));
  return { http, websocket: refuse, tcp: refuse, command: refuse };
}
