import type { ErrorObject } from "ajv";
import { allowedValues, isNode, nodeOf, nodesOf, type SchemaNode, textsOf } from "./schema-node.ts";
import { nearest } from "./suggest.ts";

/**
 * Of what a validator found, what the author needs to hear: of alternatives (`anyOf`, `oneOf`) only the one that was most likely meant,
 * or the choice itself where none fits. Expects errors in the validator's order: those of the branches before the choice's own.
 */
export function meantErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const told: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === "if") continue;
    if (error.keyword !== "anyOf" && error.keyword !== "oneOf") {
      told.push(error);
      continue;
    }
    const inner: ErrorObject[] = [];
    for (let last = told.at(-1); last !== undefined && isWithin(last, error); last = told.at(-1)) {
      inner.unshift(last);
      told.pop();
    }
    told.push(...errorsOfChoice(error, inner));
  }
  return told;
}

/** How well a branch fits a value, and what is wrong with the value by it. */
interface Candidate {
  readonly schema: SchemaNode;
  readonly errors: readonly ErrorObject[];
  readonly score: number;
}

function errorsOfChoice(choice: ErrorObject, inner: readonly ErrorObject[]): readonly ErrorObject[] {
  const schema = nodeOf(choice.parentSchema);
  if (allowedValues(schema) !== null) return [choice];
  const data: unknown = choice.data;
  const candidates = nodesOf(schema[choice.keyword]).flatMap((branch, index): readonly Candidate[] => {
    const own = inner.filter(({ schemaPath }) => schemaPath.startsWith(`${choice.schemaPath}/${index}/`));
    const isOther = own.some(
      ({ instancePath, keyword }) => instancePath === choice.instancePath && /^(type|const|enum)$/.test(keyword),
    );
    if (isOther || own.length === 0) return [];
    const score = scoreOf({ branch, data, errors: own, at: choice.instancePath });
    return score === null ? [] : [{ schema: branch, errors: own, score }];
  });
  const [best] = candidates.toSorted((left, right) => right.score - left.score);
  return best?.errors ?? [choice];
}

interface Compared {
  readonly branch: SchemaNode;
  readonly data: unknown;
  readonly errors: readonly ErrorObject[];
  /** Where the choice stands. */
  readonly at: string;
}

/** Null where nothing speaks for this branch: none of its required keys is there, not even misspelt. */
function scoreOf({ branch, data, errors, at }: Compared): number | null {
  if (!isNode(data)) return -errors.length;
  const properties = nodeOf(branch["properties"]);
  const required = textsOf(branch["required"]);
  const keys = Object.keys(data);
  const strange = keys.filter((key) => !Object.hasOwn(properties, key));
  const present = required.filter((key) => keys.includes(key)).length;
  const misspelt = required.filter((key) => !keys.includes(key) && strange.some((one) => nearest(one, [key]) !== null));
  if (required.length > 0 && present + misspelt.length === 0) return null;
  const constants = required.flatMap((key) => {
    const allowed = allowedValues(nodeOf(properties[key]));
    return allowed === null ? [] : [allowed.includes(data[key])];
  });
  const wrongKinds = errors.filter(
    ({ keyword, instancePath }) => keyword === "type" && instancePath.lastIndexOf("/") === at.length,
  ).length;
  return (
    100 * (constants.filter(Boolean).length - constants.filter((fits) => !fits).length) +
    20 * present +
    15 * misspelt.length -
    10 * (required.length - present - misspelt.length) -
    8 * wrongKinds -
    3 * strange.length +
    (keys.length - strange.length) -
    errors.length / 100
  );
}

function isWithin(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`))
  );
}
