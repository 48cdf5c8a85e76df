import {
  compileSchema,
  invalid,
  type Problem,
  readDocument,
  schemaProblems,
  type SourceDocument,
} from "../core/document.ts";
import { durationMs } from "../core/duration.ts";
import type { Json } from "../core/json.ts";
import type { AnswerPattern, Hook, HttpOperation, Target } from "../core/target.ts";
import { type TargetFile, targetSchema } from "./schema.ts";

/** Reads a target file. Throws `HarnessError` (exit 64) with every problem and its place. */
export function loadTarget(file: string): Target {
  const document = readDocument(file);
  const validate = compileSchema<TargetFile>(targetSchema);
  const { value } = document;
  if (!validate(value)) throw invalid(file, schemaProblems(document, validate.errors ?? []));
  const problems = referenceProblems(document, value);
  if (problems.length > 0) throw invalid(file, problems);
  return {
    name: value.name,
    title: value.title,
    nodes: {
      prefix: value.nodes.prefix,
      minimum: value.nodes.minimum,
      maximum: value.nodes.maximum,
      ports: value.nodes.ports,
      start: { ...value.nodes.start, environment: value.nodes.start.environment ?? {} },
      readyLimitMs: durationMs(value.nodes.readyWithin) ?? 0,
    },
    links: value.links,
    operations: Object.fromEntries(Object.entries(value.operations).map(([name, read]) => [name, operation(read)])),
    hooks: Object.fromEntries(Object.entries(value.hooks ?? {}).map(([name, read]) => [name, hook(read)])),
    file,
  };
}

function operation(read: TargetFile["operations"][string]): HttpOperation {
  return {
    port: read.port,
    method: read.method,
    path: read.path,
    headers: read.headers ?? {},
    body: read.body === undefined ? null : json(read.body),
    ok: read.ok === undefined ? { statuses: [200] } : answerPattern(read.ok),
    definite: (read.definite ?? []).map(answerPattern),
    values: read.values ?? {},
  };
}

function hook(read: NonNullable<TargetFile["hooks"]>[string]): Hook {
  return { ...read, inForce: { value: read.inForce.value, equals: json(read.inForce.equals) } };
}

function answerPattern(read: { statuses: number[]; where?: { pointer: string; equals: unknown } }): AnswerPattern {
  if (read.where === undefined) return { statuses: read.statuses };
  return { statuses: read.statuses, where: { pointer: read.where.pointer, equals: json(read.where.equals) } };
}

/** What a YAML or JSON file holds is JSON already: the schema just does not say which. */
function json(value: unknown): Json {
  const plain: Json = JSON.parse(JSON.stringify(value));
  return plain;
}

function referenceProblems(document: SourceDocument, target: TargetFile): readonly Problem[] {
  const problems: Problem[] = [];
  const ports = target.nodes.ports;
  const report = (pointer: string, message: string): unknown => problems.push(document.problem(pointer, message));
  if (!ports.includes(target.links.port)) {
    report("/links/port", `there is no port "${target.links.port}"; the node's ports are ${ports.join(", ")}`);
  }
  for (const [name, { port }] of Object.entries(target.operations)) {
    if (!ports.includes(port)) {
      report(`/operations/${name}/port`, `there is no port "${port}"; the node's ports are ${ports.join(", ")}`);
    }
  }
  for (const [name, part] of Object.entries(target.hooks ?? {})) {
    for (const verb of ["apply", "remove", "read"] as const) {
      if (target.operations[part[verb]] === undefined) {
        report(`/hooks/${name}/${verb}`, `there is no operation "${part[verb]}" in this file`);
      }
    }
  }
  return problems;
}
