import { isObject, type Json } from "../core/json.ts";
import type {
  AnswerPattern,
  Answering,
  Condition,
  EnvironmentValue,
  Operation,
  Secret,
  ValuePath,
} from "../core/target.ts";
import type { TargetFile } from "./schema.ts";

/** An operation as it is written, after the schema. */
export type OperationFile = TargetFile["operations"][string];
type ValueFile = NonNullable<OperationFile["values"]>[string];
type HttpFile = Extract<OperationFile, { method: unknown }>;
/** Conditions as they are written: one, or a list. */
export type ConditionsFile = NonNullable<Extract<OperationFile, { by: "websocket" }>["until"]>;
type ConditionFile = Exclude<ConditionsFile, readonly unknown[]>;
/** An environment as it is written. */
export type EnvironmentFile = NonNullable<Extract<OperationFile, { by: "command" }>["environment"]>;
/** A secret as it is written. */
export type SecretFile = Exclude<EnvironmentFile[string], string>;

/** Makes a path in the file absolute: it counts from the file's folder. */
export type ResolvePath = (path: string) => string;

/** An operation with everything said that its file leaves to the defaults. */
export function readOperation(read: OperationFile, resolve: ResolvePath): Operation {
  if (read.by === "websocket") return readWebSocket(read);
  if (read.by === "tcp") {
    const { port, send = "", until = null } = read;
    return { by: "tcp", port, send, until, ...answering(read, "text", null) };
  }
  if (read.by === "command") {
    const { program, arguments: args, input = "" } = read;
    const environment = readEnvironment(read.environment, resolve);
    return {
      by: "command",
      program,
      arguments: args,
      environment,
      input,
      ...answering(read, read.output ?? "text", [0]),
    };
  }
  return {
    by: "http",
    port: read.port,
    method: read.method,
    path: read.path,
    headers: read.headers ?? {},
    credentials: read.credentials === undefined,
    body: read.body === undefined ? null : plain(read.body),
    cases: casesOf(read),
    ...answering(read, read.answer ?? "json", [200]),
  };
}

function readWebSocket(read: Extract<OperationFile, { by: "websocket" }>): Operation {
  return {
    by: "websocket",
    port: read.port,
    path: read.path,
    headers: read.headers ?? {},
    credentials: read.credentials === undefined,
    send: read.send === undefined ? null : plain(read.send),
    until: read.until === undefined ? [] : conditions(read.until),
    ...answering(read, read.answer ?? "json", null),
  };
}

/** An environment, its secrets' paths made absolute. */
export function readEnvironment(
  read: EnvironmentFile | undefined,
  resolve: ResolvePath,
): Readonly<Record<string, EnvironmentValue>> {
  const entries = Object.entries(read ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? value : readSecret(value, resolve)]),
  );
}

/** A secret, its path made absolute. */
export function readSecret(read: SecretFile, resolve: ResolvePath): Secret {
  return "fromFile" in read ? { fromFile: resolve(read.fromFile) } : read;
}

/** What a YAML or JSON file holds is JSON already: the schema just does not say which. */
export function plain(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

function casesOf({ cases }: HttpFile): Extract<Operation, { by: "http" }>["cases"] {
  return (cases ?? []).map(({ when, body }) => {
    const wanted = plain(when);
    return { when: isObject(wanted) ? wanted : {}, body: plain(body) };
  });
}

interface PatternFile {
  readonly statuses?: readonly number[];
  readonly exitCodes?: readonly number[];
  readonly where?: ConditionsFile;
}

interface AnsweringFile {
  readonly ok?: PatternFile;
  readonly definite?: readonly PatternFile[];
  readonly values?: Readonly<Record<string, ValueFile>>;
  readonly says?: Readonly<Record<string, PatternFile>>;
}

function answering(read: AnsweringFile, answer: "json" | "text", goodCodes: readonly number[] | null): Answering {
  const values = Object.entries(read.values ?? {}).map(([name, value]) => [name, valuePath(value)] as const);
  return {
    answer,
    ok: read.ok === undefined ? { codes: goodCodes, where: [] } : pattern(read.ok),
    definite: (read.definite ?? []).map(pattern),
    values: Object.fromEntries(values),
    says: Object.fromEntries(Object.entries(read.says ?? {}).map(([word, one]) => [word, pattern(one)] as const)),
  };
}

function pattern({ statuses, exitCodes, where }: PatternFile): AnswerPattern {
  return { codes: statuses ?? exitCodes ?? null, where: where === undefined ? [] : conditions(where) };
}

function conditions(read: ConditionsFile): readonly Condition[] {
  return (Array.isArray(read) ? read : [read]).map(condition);
}

function condition(read: ConditionFile): Condition {
  if ("equals" in read) return { kind: "equals", pointer: read.pointer, value: plain(read.equals) };
  if ("absent" in read) return { kind: "absent", pointer: read.pointer };
  return { kind: "matches", pointer: "pointer" in read ? read.pointer : null, pattern: read.matches };
}

function valuePath(read: ValueFile): ValuePath {
  if (typeof read === "string") {
    return { place: { kind: "pointer", pointer: read }, each: false, as: [], absent: null };
  }
  const as = read.as ?? [];
  return {
    place: "at" in read ? { kind: "pointer", pointer: read.at } : { kind: "match", pattern: read.match },
    each: read.each ?? false,
    as: typeof as === "string" ? [as] : as,
    absent: read.absent === undefined ? null : { value: plain(read.absent) },
  };
}
