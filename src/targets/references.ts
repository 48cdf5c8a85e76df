import { existsSync } from "node:fs";
import type { Problem, SourceDocument } from "../core/document.ts";
import { own } from "../core/own.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Capability } from "../core/capability.ts";
import type { Target } from "../core/target.ts";
import { hookProblems, reportProblems, toldTo } from "./hook-references.ts";
import { possibleCapabilities } from "../core/target-capabilities.ts";
import { operationProblems } from "./operation-references.ts";
import type { TargetFile } from "./schema.ts";
import { escaped, type Report, secretFile, secretFiles, templateProblems } from "./text-references.ts";

/** Everything in a target file that refers to what there is not, each with its place. */
export function referenceProblems(document: SourceDocument, read: TargetFile, target: Target): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (pointer, message) => void problems.push(document.problem(pointer, message));
  const known = knownName(report);
  nodesProblems(read, target, report);
  if (target.links !== null) known("/links/port", { what: "port", name: target.links.port, among: target.nodes.ports });
  if (target.links !== null && target.nodes.source.kind === "running") {
    report("/links", "a system that runs already has no proxies on its links; leave `links` out");
  }
  for (const [index, name] of (target.tls?.ports ?? []).entries()) {
    known(`/tls/ports/${index}`, { what: "port", name, among: target.nodes.ports });
  }
  securityProblems(target, report);
  capabilityProblems(target, report);
  hookProblems(target, { known, report });
  reportProblems(target, { known, report });
  for (const [name, operation] of Object.entries(read.operations)) {
    const pointer = `/operations/${escaped(name)}`;
    operationProblems(pointer, operation, { target, report, told: toldTo(target, name) });
    const built = own(target.operations, name);
    if (built?.by === "command") secretFiles(`${pointer}/environment`, built.environment, report);
  }
  return problems;
}

/** Reports a name that is not among those that there are. */
type Known = (
  pointer: string,
  asked: { readonly what: string; readonly name: string; readonly among: readonly string[] },
) => void;

function knownName(report: Report): Known {
  return (pointer, { what, name, among }) => {
    if (!among.includes(name)) report(pointer, `there is no ${what} "${name}"${didYouMean(name, among)}`);
  };
}

function nodesProblems({ nodes }: TargetFile, target: Target, report: Report): void {
  const { identity, source } = target.nodes;
  const limits = source.kind === "started" ? source : { minimum: 1, maximum: source.addresses.length };
  if (limits.minimum > limits.maximum) {
    report("/nodes/minimum", `the minimum, ${limits.minimum}, is more than the maximum, ${limits.maximum}`);
  } else if (nodes.default !== undefined && (nodes.default < limits.minimum || nodes.default > limits.maximum)) {
    report("/nodes/default", `the default, ${nodes.default}, is not within ${limits.minimum} to ${limits.maximum}`);
  }
  if (identity !== null) {
    const known = knownName(report);
    const operation = own(target.operations, identity.operation);
    const among = Object.keys(target.operations);
    known("/nodes/identity/operation", { what: "operation", name: identity.operation, among });
    if (operation !== undefined) {
      const values = Object.keys(operation.values);
      known("/nodes/identity/value", { what: `value of ${identity.operation}`, name: identity.value, among: values });
    }
  }
  if ("addresses" in nodes) {
    const names = nodes.addresses.map(({ node }) => node);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index) report(`/nodes/addresses/${index}/node`, `there are two nodes "${name}"`);
    }
    return;
  }
  if (nodes.voters === undefined && nodes.minimum > 0 && (target.links?.agents ?? null) !== null) {
    report("/links/agents", "there are no agents: say how many nodes vote, by nodes.voters");
  }
  startProblems(nodes, target, report);
}

function startProblems(nodes: Extract<TargetFile["nodes"], { start: unknown }>, target: Target, report: Report): void {
  const ports = nodes.ports.map((port) => `port.${port}`);
  const holders = ["node", "host", ...ports, "data", "defect", "join", "runtime", "package", "folder"];
  const texts = templateProblems(report);
  texts("/nodes/start/program", nodes.start.program, holders);
  for (const [index, argument] of nodes.start.arguments.entries()) {
    const pointer = `/nodes/start/arguments/${index}`;
    if (typeof argument === "string") {
      texts(pointer, argument, holders);
      continue;
    }
    const ofPeer = target.links === null ? ["peer"] : ["peer", "listen", "reach"];
    const ofEach = argument.each === "peer" ? ofPeer : [argument.each];
    texts(`${pointer}/template`, argument.template, [...holders, ...ofEach]);
  }
  for (const [name, value] of Object.entries(nodes.start.environment ?? {})) {
    const pointer = `/nodes/start/environment/${escaped(name)}`;
    if (typeof value === "string") texts(pointer, value, holders);
  }
  const { source } = target.nodes;
  if (source.kind !== "started") return;
  secretFiles("/nodes/start/environment", source.start.environment, report);
}

function securityProblems({ credentials, tls }: Target, report: Report): void {
  if (credentials?.kind === "bearer") secretFile("/credentials/bearer", credentials.token, report);
  if (credentials?.kind === "basic") secretFile("/credentials/basic/password", credentials.password, report);
  if (credentials?.kind === "header") secretFile("/credentials/header/value", credentials.value, report);
  for (const name of ["ca", "certificate", "key"] as const) {
    const file = tls?.[name] ?? null;
    if (file !== null && !existsSync(file)) report(`/tls/${name}`, `there is no file ${file}`);
  }
  const hasBoth = (tls?.certificate ?? null) === null || (tls?.key ?? null) !== null;
  if (!hasBoth) report("/tls/certificate", "a certificate needs its key: add `key`");
}

function capabilityProblems(target: Target, report: Report): void {
  const possible = possibleCapabilities(target);
  for (const [index, name] of (target.capabilities ?? []).entries()) {
    if (possible.includes(name)) continue;
    report(`/capabilities/${index}`, `${name} does not follow from this file: it needs ${neededFor(name)}`);
  }
}

function neededFor(name: Capability): string {
  if (name === "target.hook") return "`hooks`";
  if (name === "disk.alter" || name === "disk.fail") return "`nodes.start` and `files`";
  return name.startsWith("link.") ? "`links`" : "`nodes.start`";
}
