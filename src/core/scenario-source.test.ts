import { join } from "node:path";
import { expect, test } from "vitest";
import { builtInScenarios, sourcePath } from "./scenario-source.ts";

const home = "/home/qa/swarm";
const packaged = join(home, "node_modules", "prism-chaos", "scenarios");

test.each([
  ["scenarios/loss.yaml", "scenarios/loss.yaml", "below, as it was given"],
  ["./scenarios/../scenarios/loss.yaml", "scenarios/loss.yaml", "below, written another way"],
  [`${home}/scenarios/loss.yaml`, "scenarios/loss.yaml", "below, absolute"],
  [`${packaged}/loss.yaml`, "catalogue/loss.yaml", "of the package that is installed below"],
  ["/tmp/elsewhere/loss.yaml", "loss.yaml", "elsewhere"],
  ["../loss.yaml", "loss.yaml", "above"],
  ["..odd/loss.yaml", "..odd/loss.yaml", "below, in a folder with dots"],
])("A scenario at %s is told as %s: %s.", (file, told, _what) => {
  expect(sourcePath(file, home, packaged)).toBe(told);
});

test("A built-in scenario is one of the catalogue for whoever has the package elsewhere, and a file of the repository in its own.", () => {
  const file = join(builtInScenarios(), "leader-loss.yaml");
  expect(sourcePath(file, "/home/qa")).toBe("catalogue/leader-loss.yaml");
  expect(sourcePath(file, join(builtInScenarios(), ".."))).toBe("catalogue/leader-loss.yaml");
  expect(sourcePath(file, join(builtInScenarios(), "..", ".."))).toBe("scenarios/catalogue/leader-loss.yaml");
});
