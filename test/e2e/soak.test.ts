import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot, Workplace } from "../support/command-line.ts";

test("The healthy swarm holds under ten schedules of kill, pause, cut and restart drawn from a seed.", async () => {
  await using place = new Workplace();
  const script = join(packageRoot, "scripts", "soak-swarm.ts");
  const args = [script, "--schedules", "10", "--seed", "ten", "--jobs", "2", "--out", place.out];
  const soak = spawn(process.execPath, args, { cwd: packageRoot, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(soak, "exit");
  const said = (await soak.stdout.setEncoding("utf8").toArray()).join("");
  // The whole is shown where it is not all passes: each line has its seed, its faults, and what broke.
  expect(said).toMatch(/^10 of 10 passed, 0 failed, 0 not shown$/m);
  expect((await exited)[0]).toBe(0);
});
