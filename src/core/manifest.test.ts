import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesBelow } from "./folder-files.ts";
import { type Manifest, manifestDifferences, manifestFileName, manifestOf } from "./manifest.ts";
import { checkRunManifest } from "./manifest-check.ts";
import { manifestIn, readManifest, writeManifest } from "./manifest-file.ts";

let folder: string;
let manifest: Manifest;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "manifest-"));
  mkdirSync(join(folder, "nodes"));
  writeFileSync(join(folder, "history.ndjson"), "one\ntwo\n");
  writeFileSync(join(folder, "nodes", "n1.log"), "started\n");
  writeFileSync(join(folder, "run.json"), JSON.stringify({ run: { id: "a-run", series: "a-series", attempt: 2 } }));
  manifest = manifestOf(
    { kind: "run", run: "a-run", series: "s", scenario: "c", variant: "v", repetition: 1, attempt: null },
    "0.1.0",
    filesBelow(folder),
  );
  writeManifest(folder, manifest);
});
afterEach(() => rmSync(folder, { recursive: true }));

const differences = (): readonly string[] =>
  checkRunManifest(folder).differences.map(({ kind, path }) => `${kind} ${path}`);

test("A manifest lists every file with its size and the SHA-256 that anybody computes, by path.", () => {
  expect(manifest.files.map(({ path }) => path)).toEqual(["history.ndjson", "nodes/n1.log", "run.json"]);
  expect(manifest.files[0]).toEqual({
    path: "history.ndjson",
    bytes: 8,
    // sha256sum says so.
    sha256: "c3f9c8c283a2b1f2f1896f27a01cbe3cddc0c9d93f752e4639035a0f5b36f6e8",
  });
});

test("A folder that nobody touched is as its manifest says.", () => {
  expect(checkRunManifest(folder)).toMatchObject({ stored: { kind: "read" }, differences: [] });
});

test.each<readonly [what: string, change: () => void, found: readonly string[]]>([
  ["one byte", () => writeFileSync(join(folder, "history.ndjson"), "one\ntwp\n"), ["altered history.ndjson"]],
  ["a file more", () => writeFileSync(join(folder, "nodes", "n2.log"), ""), ["added nodes/n2.log"]],
  ["a file less", () => rmSync(join(folder, "nodes", "n1.log")), ["missing nodes/n1.log"]],
  [
    "a file under another name",
    () => {
      rmSync(join(folder, "nodes", "n1.log"));
      writeFileSync(join(folder, "nodes", "n3.log"), "started\n");
    },
    ["missing nodes/n1.log", "added nodes/n3.log"],
  ],
  [
    "a link to the same",
    () => {
      writeFileSync(join(tmpdir(), "manifest-same"), "started\n");
      rmSync(join(folder, "nodes", "n1.log"));
      symlinkSync(join(tmpdir(), "manifest-same"), join(folder, "nodes", "n1.log"));
    },
    ["unreadable nodes/n1.log"],
  ],
  ["a link that was added", () => symlinkSync("/dev/null", join(folder, "more")), ["added more"]],
  [
    "a folder in place of a file",
    () => {
      rmSync(join(folder, "history.ndjson"));
      mkdirSync(join(folder, "history.ndjson"));
    },
    ["missing history.ndjson"],
  ],
  [
    "the manifest of another run",
    () => {
      const { of } = manifest;
      writeManifest(folder, { ...manifest, of: { ...of, run: "another" } as Manifest["of"] });
    },
    ["altered manifest.json"],
  ],
])("Told with its path: %s.", (_what, change, found) => {
  change();
  expect(differences()).toEqual(found);
});

test("Nothing listed and nothing there is no difference; everything that was listed and is gone is one each.", () => {
  expect(manifestDifferences({ files: [] }, [])).toEqual([]);
  expect(manifestDifferences(manifest, [])).toHaveLength(3);
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["of a later version", JSON.stringify({ version: 2 })],
])("A manifest that is %s is unreadable, never empty.", (_what, text) => {
  writeFileSync(join(folder, manifestFileName), text);
  expect(readManifest(folder).kind).toBe("unreadable");
});

test.each(["/etc/passwd", "../x", "a/../../x", "a//b", ".", "a\\b", "./a", "a/..", "", "a\n/../../x", "a\n//x"])(
  "A path that leaves the folder is none: %s.",
  (path) => {
    const files = [{ path, bytes: 1, sha256: "0".repeat(64) }];
    expect(manifestIn(JSON.stringify({ ...manifest, files })).kind).toBe("unreadable");
  },
);

test("A file that is listed twice makes it none.", () => {
  const file = { path: "a", bytes: 1, sha256: "0".repeat(64) };
  expect(manifestIn(JSON.stringify({ ...manifest, files: [file, file] }))).toMatchObject({
    kind: "unreadable",
    text: "it lists a file twice",
  });
});

test.each(["a", "a/b.json", "a..b", "..a/b", "a/.b"])("A path in the folder is one: %s.", (path) => {
  const files = [{ path, bytes: 1, sha256: "0".repeat(64) }];
  expect(manifestIn(JSON.stringify({ ...manifest, files })).kind).toBe("read");
});

test("Without a manifest nothing is known.", () => {
  rmSync(join(folder, manifestFileName));
  expect(checkRunManifest(folder)).toMatchObject({ stored: { kind: "absent" }, differences: [] });
});
