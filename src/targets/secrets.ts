import { readFileSync } from "node:fs";
import { environmentVariable } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { EnvironmentValue, Secret, Target } from "../core/target.ts";
import { fill, type Values } from "./template.ts";

/** Reads a secret, where it is used and nowhere else. Throws `HarnessError` (exit 69) that names the variable or the file, never the value. */
export function reveal(secret: Secret): string {
  if ("fromEnvironment" in secret) {
    const value = environmentVariable(secret.fromEnvironment);
    if (value !== null && value !== "") return value;
    throw missing(`the environment variable ${secret.fromEnvironment} is not set`, "set it and run the command again");
  }
  return readText(secret.fromFile).replace(/\r?\n$/, "");
}

/** Reads a file that a target names, of a secret or of TLS. Throws `HarnessError` (exit 69) that names the file. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw missing(`${file} cannot be read`, "check the file and who may read it");
  }
}

/** The environment of a process: templates filled, secrets revealed. */
export function revealEnvironment(
  environment: Readonly<Record<string, EnvironmentValue>>,
  values: Values,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      typeof value === "string" ? fill(value, values) : reveal(value),
    ]),
  );
}

/** Every secret that a target refers to, of nodes and of operations. */
export function secretsOf(target: Target): readonly Secret[] {
  const { credentials, nodes, operations } = target;
  const environments = [
    ...(nodes.source.kind === "started" ? [nodes.source.start.environment] : []),
    ...Object.values(operations).flatMap((operation) => (operation.by === "command" ? [operation.environment] : [])),
  ];
  const inEnvironments = environments.flatMap((environment) => Object.values(environment));
  const shown: readonly (Secret | null)[] = [
    credentials?.kind === "bearer" ? credentials.token : null,
    credentials?.kind === "basic" ? credentials.password : null,
    credentials?.kind === "header" ? credentials.value : null,
  ];
  return [...inEnvironments, ...shown].filter((value): value is Secret => typeof value === "object" && value !== null);
}

/** Whether every secret of a target is there. Throws `HarnessError` (exit 69) for the first that is not. */
export function requireSecrets(target: Target): void {
  for (const secret of secretsOf(target)) reveal(secret);
}

/** Every secret of a target that can be read here, by its name, with the key of its TLS connections. What cannot is told by whoever needs it. */
export function namedSecrets(target: Target): readonly (readonly [name: string, value: string])[] {
  const key = target.tls?.key ?? null;
  const all = [...secretsOf(target), ...(key === null ? [] : [{ fromFile: key }])];
  return all.flatMap((secret) => {
    try {
      return [["fromEnvironment" in secret ? secret.fromEnvironment : secret.fromFile, reveal(secret)] as const];
    } catch {
      return [];
    }
  });
}

function missing(message: string, next: string): HarnessError {
  return new HarnessError(message, { code: "secret-missing", exit: "unavailable", next });
}
