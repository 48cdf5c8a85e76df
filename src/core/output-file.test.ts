import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeOutput } from "./output-file.ts";

const folder = mkdtempSync(join(tmpdir(), "output-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("A document is written where it was asked for.", () => {
  const file = join(folder, "out.xml");
  writeOutput(file, (path) => writeFileSync(path, "<a/>"));
  expect(readFileSync(file, "utf8")).toBe("<a/>");
});

test("Where it cannot be written the place, the reason and what to do next are told: exit 69.", () => {
  const file = join(folder, "none", "out.xml");
  const write = (): void => writeOutput(file, (path) => writeFileSync(path, "<a/>"));
  expect(write).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/none\/out\.xml could not be written: ENOENT/) as string,
      exit: "unavailable",
      next: "name another file with --output",
    }),
  );
});

test("A pipe is not replaced by a file: exit 64, and it is still there.", () => {
  const pipe = join(folder, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const write = (): void => writeOutput(pipe, (path) => writeFileSync(path, "<a/>"));
  expect(write).toThrow(
    expect.objectContaining({ exit: "usage", message: `${pipe} is there already, and is no file; it would be lost` }),
  );
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});
