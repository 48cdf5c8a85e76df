import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importsOf, root, sourceFiles } from "./tree.ts";

const described = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, string>> | undefined>
>;
const shipped = new Set(
  ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) => Object.keys(described[kind] ?? {})),
);

/** The package of an import; null for a file of the project, or a part of Node. */
function packageOf(specifier: string): string | null {
  if (specifier.startsWith(".") || specifier.startsWith("node:") || builtinModules.includes(specifier)) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** What a file imports that is not installed with the program. */
function unshipped(path: string, imports: readonly string[]): readonly string[] {
  return imports.flatMap((specifier) => {
    const name = packageOf(specifier);
    return name === null || shipped.has(name) ? [] : [`${path}: ${name}`];
  });
}

test("Whatever the program and the swarm import is installed with it, not only for those who work on it.", () => {
  const files = sourceFiles(["src", "fixtures"]).filter(({ path }) => !/\.test\.ts$|\/testing\//.test(path));
  const imported = files.flatMap((file) => importsOf(file).flatMap((one) => packageOf(one) ?? []));
  expect(new Set(imported).size).toBeGreaterThan(10);
  expect(files.flatMap((file) => unshipped(file.path, importsOf(file)))).toEqual([]);
});

test("An import of what only tests have is noticed.", () => {
  expect(unshipped("src/a.ts", ["node:fs", "./b.ts", "vitest", "@types/node/x", "ajv/dist/2020.js"])).toEqual([
    "src/a.ts: vitest",
    "src/a.ts: @types/node",
  ]);
});
