import { dirname, resolve } from "node:path";
import { compileSchema, invalid, readDocument, schemaProblems } from "../core/document.ts";
import { durationMs } from "../core/duration.ts";
import { lazily } from "../core/lazily.ts";
import type { Argument, Credentials, Hook, Links, NodeFiles, NodeSource, Target, Tls } from "../core/target.ts";
import { plain, readEnvironment, readOperation, readSecret, type ResolvePath } from "./read-operation.ts";
import { referenceProblems } from "./references.ts";
import { type TargetFile, targetSchema } from "./schema.ts";

/** Three keep-alives of a system that sends ten a second. */
const defaultSilentAfterMs = 300;

const validator = lazily(() => compileSchema<TargetFile>(targetSchema));

/** Reads a target file. Throws `HarnessError` (exit 64) with every problem and its place. Reads no secret. */
export function loadTarget(file: string): Target {
  const document = readDocument(file);
  const validate = validator();
  const { value } = document;
  if (!validate(value)) throw invalid(file, schemaProblems(document, validate.errors ?? []));
  const folder = dirname(resolve(file));
  const target = build(value, { file, resolve: (path) => resolve(folder, path) });
  const problems = referenceProblems(document, value, target);
  if (problems.length > 0) throw invalid(file, problems);
  return target;
}

interface Source {
  readonly file: string;
  readonly resolve: ResolvePath;
}

function build(read: TargetFile, source: Source): Target {
  const operations = Object.entries(read.operations).map(
    ([name, operation]) => [name, readOperation(operation, source.resolve)] as const,
  );
  return {
    name: read.name,
    title: read.title,
    nodes: {
      source: nodeSource(read.nodes, source.resolve),
      default: read.nodes.default ?? null,
      ports: portsOf(read.nodes),
      readyLimitMs: durationMs(read.nodes.readyWithin) ?? 0,
      identity: read.nodes.identity ?? null,
      voters: "voters" in read.nodes ? (read.nodes.voters ?? null) : null,
    },
    links: read.links === undefined ? null : links(read.links),
    credentials: read.credentials === undefined ? null : credentials(read.credentials, source.resolve),
    tls: read.tls === undefined ? null : tls(read.tls, source.resolve),
    capabilities: read.capabilities ?? null,
    operations: Object.fromEntries(operations),
    hooks: Object.fromEntries(Object.entries(read.hooks ?? {}).map(([name, one]) => [name, hook(one)])),
    services: Object.fromEntries(
      Object.entries(read.services ?? {}).map(([name, one]) => [name, one?.dependents ?? []]),
    ),
    limits: { memory: read.limits?.memory ?? null, disk: read.limits?.disk ?? null },
    files: Object.fromEntries(Object.entries(read.files ?? {}).map(([name, one]) => [name, nodeFiles(one)])),
    file: source.file,
  };
}

function nodeSource(read: TargetFile["nodes"], path: ResolvePath): NodeSource {
  if ("addresses" in read) return { kind: "running", addresses: read.addresses };
  const { prefix, minimum, maximum, start } = read;
  const args: readonly Argument[] = start.arguments;
  const environment = readEnvironment(start.environment, path);
  return { kind: "started", prefix, minimum, maximum, start: { program: start.program, arguments: args, environment } };
}

function links({ port, silentAfter, agents }: NonNullable<TargetFile["links"]>): Links {
  const ms = (text: string | undefined, usualMs: number): number => durationMs(text ?? "") ?? usualMs;
  const silentAfterMs = ms(silentAfter, defaultSilentAfterMs);
  const ofAgents =
    agents === undefined ? null : { peers: agents.peers, silentAfterMs: ms(agents.silentAfter, silentAfterMs) };
  return { port, silentAfterMs, agents: ofAgents };
}

/** The names of ports that every node has. */
function portsOf(read: TargetFile["nodes"]): readonly string[] {
  if ("ports" in read) return read.ports;
  const [first, ...others] = read.addresses.map(({ ports }) => Object.keys(ports));
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
}

function credentials(read: NonNullable<TargetFile["credentials"]>, path: ResolvePath): Credentials {
  if ("bearer" in read) return { kind: "bearer", token: readSecret(read.bearer, path) };
  if ("basic" in read) return { kind: "basic", user: read.basic.user, password: readSecret(read.basic.password, path) };
  return { kind: "header", name: read.header.name, value: readSecret(read.header.value, path) };
}

function tls(read: NonNullable<TargetFile["tls"]>, path: ResolvePath): Tls {
  const absolute = (file: string | undefined): string | null => (file === undefined ? null : path(file));
  return {
    ports: read.ports,
    ca: absolute(read.ca),
    certificate: absolute(read.certificate),
    key: absolute(read.key),
    serverName: read.serverName ?? null,
    verify: read.verify ?? true,
  };
}

function hook(read: NonNullable<TargetFile["hooks"]>[string]): Hook {
  const { arguments: args = [] } = read;
  const shows = read.shows === undefined ? null : { ...read.shows, equals: plain(read.shows.equals) };
  const inForce = { value: read.inForce.value, equals: plain(read.inForce.equals) };
  return { ...read, arguments: args, inForce, shows };
}

function nodeFiles(read: NonNullable<TargetFile["files"]>[string]): NodeFiles {
  const { skip = 0, found = null, open = null } = read;
  const failing = read.failing === undefined ? null : { ...read.failing, equals: plain(read.failing.equals) };
  const place =
    "file" in read
      ? ({ kind: "file", file: read.file } as const)
      : ({ kind: "folder", folder: read.folder, match: read.match ?? "" } as const);
  return { place, skipBytes: skip, found, open, failing };
}
