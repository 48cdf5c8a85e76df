import { describe, expect, test } from "vitest";
import { compileSchema } from "../../src/core/document.ts";
import { textOf } from "../../src/core/schema-node.ts";
import { explain, languages } from "../../src/harness-language.ts";

// Whoever writes a file can ask for every key of it; nobody has to read sources for what a key means.

test("There are languages to look at: the files' and each fault's.", () => {
  expect(languages().map(({ root }) => root)).toEqual(
    expect.arrayContaining(["scenario", "target", "config", "policy"]),
  );
  expect(languages().length).toBeGreaterThan(5);
});

describe.each(languages().map((language) => [language.root, language] as const))("Of %s", (root, { keys }) => {
  test("every key says what it means.", () => {
    const silent = keys.filter(({ schema }) => (textOf(schema["description"]) ?? "").length < 8);
    expect(silent.map(({ path }) => path.join("."))).toEqual([]);
  });

  test("every key has an example (a name that the author chooses has its record's).", () => {
    const bare = keys.filter(({ path, schema }) => path.at(-1) !== "*" && [schema["examples"]].flat()[0] === undefined);
    expect(bare.map(({ path }) => path.join("."))).toEqual([]);
  });

  test("every example is valid where it is said.", () => {
    const wrong = keys.flatMap(({ path, schema }) => {
      const examples = Array.isArray(schema["examples"]) ? schema["examples"] : [];
      const validate = compileSchema(schema);
      return examples.filter((example: unknown) => !validate(example)).map((example) => [path.join("."), example]);
    });
    expect(wrong).toEqual([]);
  });

  test("`explain` finds every key by its full name.", () => {
    for (const { path } of keys) {
      const name = [root, ...path].join(".");
      expect(explain(name).text.split("\n")[0]).toBe(name);
    }
  });
});
