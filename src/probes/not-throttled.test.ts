import { expect, test } from "vitest";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { notThrottled } from "./not-throttled.ts";

const says = (node: string, throttling: Json): Sample => answerAt(10, node, ["health", { throttling }]);
const silent = (node: string): Sample => answerAt(10, node, ["health", null]);

test.each<readonly [string, readonly Sample[], boolean]>([
  ["both say that they put nothing off", [says("n1", false), says("n2", false)], true],
  ["one puts work off", [says("n1", false), says("n2", true)], false],
  ["one has not answered yet", [says("n1", false)], false],
  ["one answers no more", [says("n1", false), silent("n2")], false],
  ["one does not say", [says("n1", false), answerAt(10, "n2", ["health", {}])], false],
  ["one says something else", [says("n1", false), says("n2", "no")], false],
  ["nobody has answered", [], false],
])("Of two nodes %s: %s.", (_what, samples, holds) => {
  expect(notThrottled.holds(new Map(samples.map((one) => [one.node, one])), ["n1", "n2"])).toBe(holds);
});
