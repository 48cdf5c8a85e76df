/** A JSON Schema, or a part of one, as far as its words are read by name. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Whether something is an object with keys: a schema, or what a keyword of one maps names to. */
export function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is there as an object with keys; one without any for anything else. */
export function nodeOf(value: unknown): SchemaNode {
  return isNode(value) ? value : {};
}

/** The texts of a list; none for anything else. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The schemas of a list; none for anything else. */
export function nodesOf(value: unknown): readonly SchemaNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A text, or null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The values that a schema allows by name: of `enum`, of `const`, or of a choice among constants; null where it is not such a list. */
export function allowedValues(schema: SchemaNode): readonly unknown[] | null {
  if ("const" in schema) return [schema["const"]];
  const named: unknown = schema["enum"];
  if (Array.isArray(named)) return named;
  const branches = branchesOf(schema);
  const constants = branches.map((branch) => allowedValues(branch));
  return branches.length > 0 && constants.every((one) => one !== null) ? constants.flat() : null;
}

/** The alternatives of `anyOf` and `oneOf`. */
export function branchesOf(schema: SchemaNode): readonly SchemaNode[] {
  return [...nodesOf(schema["anyOf"]), ...nodesOf(schema["oneOf"])];
}
