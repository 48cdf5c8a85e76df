import { branchesOf, isNode, nodeOf, nodesOf, type SchemaNode, textOf, textsOf } from "./schema-node.ts";

/** A key that a file may have. */
export interface SchemaKey {
  /** From the top of the file: names of keys, `*` for any name that the author chooses; indexes of lists are left out. */
  readonly path: readonly string[];
  /** What may stand there. */
  readonly schema: SchemaNode;
  readonly isRequired: boolean;
  /** The alternative in which it stands, by its title (`inject`); null where there is no choice. */
  readonly alternative: string | null;
}

/** Every key of a schema, in its order: through objects, records, lists and alternatives. A key of several alternatives comes once for each. */
export function schemaKeys(schema: object): readonly SchemaKey[] {
  return keysBelow({ schema: nodeOf(schema), path: [], alternative: null });
}

/** The keys right below a key (below the top, for an empty path). */
export function keysUnder(keys: readonly SchemaKey[], path: readonly string[]): readonly SchemaKey[] {
  return keys.filter((key) => key.path.length === path.length + 1 && path.every((part, at) => key.path[at] === part));
}

/** Whether a key is meant by a path as somebody writes it: `*` or any name stands for a name that the author chooses. */
export function isMeant({ path }: SchemaKey, asked: readonly string[]): boolean {
  return path.length === asked.length && path.every((part, at) => part === asked[at] || part === "*");
}

interface Part {
  readonly schema: SchemaNode;
  readonly path: readonly string[];
  readonly alternative: string | null;
}

function keysBelow({ schema, path, alternative }: Part): readonly SchemaKey[] {
  const required = textsOf(schema["required"]);
  const key = (name: string, child: unknown): readonly SchemaKey[] => {
    const own: Part = { schema: nodeOf(child), path: [...path, name], alternative };
    return [{ ...own, isRequired: required.includes(name) }, ...keysBelow({ ...own, alternative: null })];
  };
  const named = Object.entries(nodeOf(schema["properties"])).flatMap(([name, child]) => key(name, child));
  const records = [...Object.values(nodeOf(schema["patternProperties"])), schema["additionalProperties"]].filter(
    isNode,
  );
  const items = [schema["items"]].filter(isNode).flatMap((child) => keysBelow({ schema: child, path, alternative }));
  const branches = [...branchesOf(schema), ...nodesOf(schema["allOf"])].flatMap((branch) =>
    keysBelow({ schema: branch, path, alternative: textOf(branch["title"]) ?? alternative }),
  );
  return [...named, ...records.flatMap((child) => key("*", child)), ...items, ...branches];
}
