import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../support/command-line.ts";

// What other languages' Toxiproxy clients test, unmodified. They must be there (scripts/client-suites.sh fetch), and the ports 8474 and 8475 free,
// which some of them know alone: else this fails, it is not skipped.

test("Toxiproxy clients of five languages pass against the built-in server, by their own suites where they have some.", () => {
  const script = join(packageRoot, "scripts", "client-suites.sh");
  const { stdout, stderr, status } = spawnSync(script, ["run"], { encoding: "utf8", timeout: 170_000 });
  const suites = stdout.trim().split("\n");
  process.stdout.write(stdout);
  expect(stderr).toBe("");
  expect(suites.map((line) => line.replace(/: .*/, ""))).toEqual([
    "Go, api_test.go of Toxiproxy 2.12.0",
    "Go, toxiproxy-cli 2.12.0",
    "Rust, toxiproxy_rust 0.1.6",
    "Java, toxiproxy-java 2.1.7 (a use)",
    "Python, toxiproxy-python 0.1.1 (a use)",
    "Node, toxiproxy-node-client 4.1.0 (a use)",
  ]);
  for (const line of suites) expect(line).toMatch(/: ([1-9]\d*) of \1 passed$/);
  expect(status).toBe(0);
});
