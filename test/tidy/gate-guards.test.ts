import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guards } from "../../scripts/guards-of-the-gate.ts";
import { packageRoot } from "../support/command-line.ts";

const all = Object.entries(guards).flatMap(([file, own]) => own.map((guard) => [file, guard] as const));

test("Each guard that `npm run guards` takes out of the gate stands in the file that it names.", () => {
  const gone = all.filter(
    ([file, [, text]]) => !readFileSync(join(packageRoot, "src", "gates", file), "utf8").includes(text),
  );
  expect(gone).toEqual([]);
  expect(all.length).toBeGreaterThan(90);
});

test("Each guard has a name of its own, and taking it out changes something.", () => {
  expect(new Set(all.map(([, [name]]) => name)).size).toBe(all.length);
  expect(all.filter(([, [, text, without]]) => text === without)).toEqual([]);
});
