import { expect, test } from "vitest";
import { target } from "./core/testing/targets.ts";
import type { Target } from "./core/target.ts";
import { refuseUnallowed } from "./harness-allow.ts";

/** A system that runs already, with a node on each of these hosts. */
function runningOn(...hosts: readonly string[]): Target {
  const addresses = hosts.map((host, index) => ({ node: `n${index + 1}`, host, ports: { p: 1 } }));
  return { ...target, name: "staging", nodes: { ...target.nodes, source: { kind: "running", addresses } } };
}
const prefix = { kind: "started", prefix: "n", minimum: 1, maximum: 3 } as const;
const start = { program: "p", arguments: [], environment: {} };
const started: Target = { ...target, nodes: { ...target.nodes, source: { ...prefix, start } } };

test.each<readonly [string, Target, readonly string[]]>([
  ["that is started here", started, []],
  ["on this machine's loopback", runningOn("127.0.0.1", "localhost", "::1", "[::1]", "127.3.2.1"), []],
  ["elsewhere whose name is written out", runningOn("10.0.0.1"), ["other", "staging"]],
])("A system %s may be broken.", (_where, system, allow) => {
  expect(() => refuseUnallowed(system, allow)).not.toThrow();
});

test.each<readonly [string, readonly string[], readonly string[], string]>([
  ["elsewhere", ["10.0.0.1"], [], "target staging is not on this machine (10.0.0.1): faults"],
  ["elsewhere where another is allowed", ["10.0.0.1"], ["stagin", "other"], "(10.0.0.1)"],
  ["partly elsewhere", ["127.0.0.1", "db.example"], [], "(db.example)"],
  ["on several other hosts", ["a.example", "a.example", "b.example", "c.example"], [], "(a.example and 2 more)"],
  ["with a name that only begins like loopback", ["127.0.0.1.example"], [], "(127.0.0.1.example)"],
])("A system that is %s is refused: exit 64, with the flag that permits it.", (_where, hosts, allow, text) => {
  expect(() => refuseUnallowed(runningOn(...hosts), allow)).toThrow(
    expect.objectContaining({
      code: "not-allowed",
      exitCode: 64,
      message: expect.stringContaining(text),
      next: expect.stringContaining("--allow staging, or `allow: [staging]`"),
    }),
  );
});
