import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { replaceableFile } from "./replaceable-file.ts";

const folder = mkdtempSync(join(tmpdir(), "replaceable-"));
afterAll(() => rmSync(folder, { recursive: true }));
const decision = { is: "decision", keys: ["recommendation"] };
const given = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test.each([
  ["nothing", (): string => join(folder, "none.json")],
  ["an empty file", (): string => given("empty.json", "")],
  ["an earlier decision", (): string => given("decision.json", '{"recommendation":"GO"}')],
  ["a folder, of which writing tells", (): string => folder],
])("In the place of %s a decision is written.", (_what, make) => {
  const file = make();
  expect(replaceableFile(file, decision)).toBe(file);
});

test.each([
  ["evidence", (): string => given("chaos.json", '{"class":"network_partition"}')],
  ["what is no JSON", (): string => given("notes.txt", "notes")],
  [
    "a pipe, which is not waited for",
    (): string => {
      const pipe = join(folder, "pipe");
      spawnSync("mkfifo", [pipe]);
      return pipe;
    },
  ],
])("%s is no decision, and is not lost: exit 64.", (_what, make) => {
  const file = make();
  expect(() => replaceableFile(file, decision)).toThrow(
    expect.objectContaining({
      exit: "usage",
      message: `${file} is there already, and is no decision; it would be lost`,
    }),
  );
});
