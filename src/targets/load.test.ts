import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { capabilitiesOf } from "../core/target-capabilities.ts";
import { nodeNames, sizeLimits, sizeOf } from "../core/target-nodes.ts";
import type { Target } from "../core/target.ts";
import { loadTarget } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "targets-load-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "there"), "x\n");

const started = `
name: toy
title: A toy
nodes:
  prefix: n
  minimum: 2
  maximum: 5
  default: 3
  ports: [http, peer]
  start:
    program: "{runtime}"
    arguments: ["--id={node}", { each: member, template: "{member}@{host}:{port.peer}", join: "," }]
    environment: { MODE: "{defect}", TOKEN: { fromFile: there } }
  readyWithin: 5s
  identity: { operation: leader, value: id }
links: { port: peer }
credentials: { bearer: { fromEnvironment: TOY_TOKEN } }
tls: { ports: [http], ca: there }
capabilities: [process.kill, link.stall]
operations:
  health: { port: http, method: GET, path: /health }
  leader: { port: http, method: GET, path: /leader, values: { id: /id, leader: { at: /leader, as: node } } }
  write:
    port: http
    method: POST
    path: "/kv/{key|url}"
    body: { value: "{value|base64}" }
    cases: [{ when: { expected: null }, body: { absent: "{key}" } }]
    ok: { statuses: [200], where: { pointer: /ok, matches: "^(yes|true)$" } }
  peers:
    port: http
    method: GET
    path: /metrics
    answer: text
    values: { peers: { match: "^peer (.+)$", each: true } }
  ask: { by: websocket, port: http, path: /ws, send: { key: "{key}" }, until: { pointer: /id, equals: 1 } }
  line: { by: tcp, port: peer, send: "get {key}\\n", until: "\\n$", values: { value: { match: "^(.*)\\n" } } }
  run: { by: command, program: "{folder}/ask", arguments: ["{port.http}"], environment: { T: { fromFile: there } } }
hooks:
  hold: { apply: write, remove: write, read: leader, inForce: { value: id, equals: held } }
`;
const running = `
name: there
title: There already
nodes:
  addresses:
    - { node: alpha, host: 10.0.0.1, ports: { http: 80, admin: 81 } }
    - { node: beta, host: 10.0.0.2, ports: { http: 80 } }
    - { node: gamma, host: 10.0.0.3, ports: { http: 80 } }
  readyWithin: 5s
operations:
  health: { port: http, method: GET, path: /health }
`;

function load(content: string): Target {
  const file = join(folder, "target.yaml");
  writeFileSync(file, content);
  return loadTarget(file);
}

const swap = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

test.each<readonly [string, string, string, RegExp]>([
  [
    "a port of an operation",
    "port: http, method: GET, path: /health",
    "port: htp, method: GET, path: /health",
    /port "htp" \(did you mean http\?\)/,
  ],
  ["a port of links", "links: { port: peer }", "links: { port: per }", /port "per" \(did you mean peer\?\)/],
  ["a port of TLS", "tls: { ports: [http]", "tls: { ports: [htp]", /port "htp" \(did you mean http\?\)/],
  ["an operation of a hook", "apply: write", "apply: wrte", /operation "wrte" \(did you mean write\?\)/],
  ["a value of a hook", "inForce: { value: id", "inForce: { value: ident", /value of leader "ident"/],
  [
    "the operation of the identity",
    "operation: leader, value: id }",
    "operation: leadr, value: id }",
    /operation "leadr" \(did you mean leader\?\)/,
  ],
  [
    "the value of the identity",
    "operation: leader, value: id }",
    "operation: leader, value: leder }",
    /value of leader "leder" \(did you mean leader\?\)/,
  ],
  ["a holder of a path", "{key|url}", "{kye}", /\{kye\} stands for nothing here \(did you mean key\?\)/],
  ["a filter", "{value|base64}", "{value|bas64}", /filter "bas64" \(did you mean base64\?\)/],
  ["a holder of a body's case", 'body: { absent: "{key}" }', 'body: { absent: "{kez}" }', /\{kez\} stands for nothing/],
  [
    "an argument of a case",
    "when: { expected: null }",
    "when: { expectd: null }",
    /argument "expectd" \(did you mean expected\?\)/,
  ],
  ["a holder of an argument of start", "--id={node}", "--id={key}", /\{key\} stands for nothing here/],
  ["a holder of a member", "{member}@", "{peer}@", /\{peer\} stands for nothing here/],
  [
    "a holder of the environment",
    'MODE: "{defect}"',
    'MODE: "{defekt}"',
    /\{defekt\} stands for nothing here \(did you mean defect\?\)/,
  ],
  ["a holder of a message", 'send: { key: "{key}" }', 'send: { key: "{data}" }', /\{data\} stands for nothing/],
  ["a regular expression that does not compile", "^peer (.+)$", "^peer (.+$", /no regular expression/],
  ["a regular expression without a group", "^peer (.+)$", "^peer .+$", /no group/],
  ["a regular expression of a condition", "^(yes|true)$", "^(yes|true$", /no regular expression/],
  [
    "a pointer into a text",
    'values: { peers: { match: "^peer (.+)$", each: true } }',
    "values: { peers: /peers }",
    /the answer is text: use `match`/,
  ],
  [
    "a match over JSON",
    "values: { id: /id, leader",
    'values: { id: { match: "(.)" }, leader',
    /the answer is JSON: use `at`/,
  ],
  [
    "a condition on a place of a text",
    "answer: text",
    "answer: text\n    ok: { statuses: [200], where: { pointer: /a, absent: true } }",
    /the answer is text: use `matches`/,
  ],
  ["the file of a node's secret", "TOKEN: { fromFile: there }", "TOKEN: { fromFile: gone }", /no file .*gone/],
  ["the file of a program's secret", "T: { fromFile: there }", "T: { fromFile: gone }", /no file .*gone/],
  [
    "the file of the credentials",
    "bearer: { fromEnvironment: TOY_TOKEN }",
    "bearer: { fromFile: gone }",
    /no file .*gone/,
  ],
  ["a file of TLS", "ca: there", "ca: gone", /no file .*gone/],
  ["a certificate without its key", "ca: there", "certificate: there", /needs its key/],
  ["a minimum above the maximum", "minimum: 2", "minimum: 6", /minimum, 6, is more than the maximum, 5/],
  ["a default that does not fit", "default: 3", "default: 6", /default, 6, is not within 2 to 5/],
  [
    "a capability that does not follow",
    "links: { port: peer }\n",
    "",
    /link\.stall does not follow from this file: it needs `links`/,
  ],
])("%s that is not there is told with its place.", (_what, from, to, message) => {
  const content = swap(started, from, to);
  expect(() => load(content)).toThrow(message);
  expect(() => load(content)).toThrow(/target\.yaml:\d+:\d+: /);
});

test.each<readonly [string, string, string, RegExp]>([
  ["two nodes of one name", "node: beta", "node: alpha", /two nodes "alpha"/],
  ["links", "operations:", "links: { port: http }\noperations:", /has no proxies on its links/],
  ["a port that not every node has", "port: http,", "port: admin,", /no port "admin"/],
  ["a capability of processes", "operations:", "capabilities: [process.kill]\noperations:", /needs `nodes\.start`/],
])("A system that runs already with %s is refused, with the place.", (_what, from, to, message) => {
  const content = swap(running, from, to);
  expect(() => load(content)).toThrow(message);
  expect(() => load(content)).toThrow(/target\.yaml:\d+:\d+: /);
});

test("Capabilities follow from the file, and a list leaves out what it does not name.", () => {
  expect(capabilitiesOf(load(started))).toEqual(["process.kill", "link.stall"]);
  const all = capabilitiesOf(load(swap(started, "capabilities: [process.kill, link.stall]\n", "")));
  expect(all).toEqual(expect.arrayContaining(["process.kill", "process.pause", "link.refuse", "target.hook"]));
  expect(capabilitiesOf(load(swap(started, "[process.kill, link.stall]", "[]")))).toEqual([]);
  expect(capabilitiesOf(load(running))).toEqual([]);
});

test("The size is what was asked for, else the target's default, else the profile's; of a running system what it has.", () => {
  const toy = load(started);
  expect(sizeOf(toy, 4, 5).nodes).toBe(4);
  expect(sizeOf(toy, null, 5)).toEqual({ nodes: 3, reason: "the target's default; the profile says 5" });
  expect(sizeOf(load(swap(started, "  default: 3\n", "")), null, 5).nodes).toBe(5);
  expect(nodeNames(toy, 2)).toEqual(["n1", "n2"]);
  const there = load(running);
  expect(sizeOf(there, null, 5)).toEqual({ nodes: 3, reason: "all that the target has; the profile says 5" });
  expect(sizeOf(there, null, 2).nodes).toBe(2);
  expect(sizeOf(there, 7, 5).nodes).toBe(7);
  expect(sizeLimits(there).maximum).toBe(3);
  expect(nodeNames(there, 2)).toEqual(["alpha", "beta"]);
});

test("A secret is not read when its file is loaded: a path is made absolute, a variable is not looked at.", () => {
  const { credentials, nodes } = load(started);
  expect(credentials).toEqual({ kind: "bearer", token: { fromEnvironment: "TOY_TOKEN" } });
  const environment = nodes.source.kind === "started" ? nodes.source.start.environment : {};
  expect(environment["TOKEN"]).toEqual({ fromFile: join(folder, "there") });
});

const swarm = `
name: swarm
title: Voters and agents
nodes:
  prefix: n
  minimum: 3
  maximum: 50
  voters: 5
  ports: [peer]
  start:
    program: p
    arguments: ["--join={join}", { each: voter, template: "{voter}@{host}:{port.peer}", join: "," }]
  readyWithin: 5s
links: { port: peer, agents: { peers: 20, silentAfter: 2.5s } }
operations:
  health: { by: tcp, port: peer, send: "", until: "x" }
  leader: { by: tcp, port: peer, send: "", until: "x" }
`;
const loaded = (text: string): Target => {
  const file = join(folder, "swarm.yaml");
  writeFileSync(file, text);
  return loadTarget(file);
};

test("Voters, links of agents and silence are read; silence of voters is 300 ms unless said, that of agents as theirs.", () => {
  const read = loaded(swarm);
  expect(read.nodes.voters).toBe(5);
  expect(read.links).toEqual({ port: "peer", silentAfterMs: 300, agents: { peers: 20, silentAfterMs: 2500 } });
  const alike = swarm.replace(
    "port: peer, agents: { peers: 20, silentAfter: 2.5s }",
    "port: peer, silentAfter: 1s, agents: { peers: 20 }",
  );
  expect(loaded(alike).links).toMatchObject({ silentAfterMs: 1000, agents: { silentAfterMs: 1000 } });
  const all = swarm.replace("  voters: 5\n", "").replace(", agents: { peers: 20, silentAfter: 2.5s }", "");
  expect(loaded(all)).toMatchObject({ nodes: { voters: null }, links: { agents: null } });
});

test.each([
  [
    "agents where everybody votes",
    "  voters: 5\n",
    "",
    /there are no agents: say how many nodes vote, by nodes.voters/,
  ],
  ["too few peers to know three voters and a neighbour", "peers: 20", "peers: 3", /peers/],
  ["a holder of peers in a list of voters", "{voter}@", "{reach}@", /reach/],
  ["no voter at all", "voters: 5", "voters: 0", /voters/],
])("A target with %s is refused.", (_title, right, wrong, problem) => {
  expect(swarm).toContain(right);
  expect(() => loaded(swarm.replace(right, wrong))).toThrow(problem);
});
