import { dirname, join, normalize } from "node:path";
import { importsOf, type SourceFile } from "./tree.ts";

/** The files of the composition root: they alone import every folder. */
const composition = /^src\/harness(-[a-z]+)?\.ts$/;
/** Third-party clients, and the only files that may import each. */
const clients: Readonly<Record<string, RegExp>> = {
  undici: /^src\/drivers\/(http|post)\.ts$/,
  saxes: /^src\/gates\/sources\/xml\.ts$/,
  ws: /^(src\/drivers\/websocket\.ts$|fixtures\/)/,
  "toxiproxy-node-client": /^src\/drivers\/toxiproxy-links\.ts$/,
  testcontainers: /^src\/drivers\/toxiproxy-container\.ts$/,
  "@oclif/core": /^(src\/(main|command|command-error|command-flags)\.ts|src\/commands\/|scripts\/)/,
  chalk: /^src\/reporters\//,
  yaml: /^(src\/core\/(document|yaml-[a-z]+)\.ts|scripts\/|fixtures\/|test\/)/,
};
const lineBudget = 250;

/** What breaks the rules of docs/architecture.md on imports, one sentence each. */
export function importBreaches(file: SourceFile): readonly string[] {
  return importsOf(file).flatMap((specifier) => {
    if (!specifier.startsWith(".")) return clientBreach(file.path, specifier);
    const target = normalize(join(dirname(file.path), specifier));
    const breach = roomBreach(file.path, target);
    return breach === null ? [] : [`${file.path} imports ${target}: ${breach}`];
  });
}

/** A file over its budget of lines. Tests are tables and may be longer. */
export function sizeBreaches({ path, text }: SourceFile): readonly string[] {
  const lines = text.split("\n").length - 1;
  return lines > lineBudget && !isTest(path) ? [`${path} has ${lines} lines; split it (budget ${lineBudget})`] : [];
}

/** Clock, randomness, environment and console each have one home. */
export function homeBreaches({ path, text }: SourceFile): readonly string[] {
  if (isTest(path) || !path.startsWith("src/")) return [];
  const homes: readonly (readonly [RegExp, RegExp, string])[] = [
    [/\bMath\.random\(/, /^$/, "draw from core/random.ts"],
    [
      /\bDate\.now\(|\bnew Date\(|\bperformance\.now\(|\bhrtime\b/,
      /^src\/core\/(clock|lock)\.ts$/,
      "take the time from core/clock.ts",
    ],
    [/\bprocess\.env\b/, /^src\/core\/environment\.ts$/, "read the environment in core/environment.ts"],
    [/\bconsole\.(log|error|warn|info|debug|dir|table)\b/, /^src\/reporters\//, "print in a reporter or a command"],
  ];
  return homes.flatMap(([use, home, advice]) => (use.test(text) && !home.test(path) ? [`${path}: ${advice}`] : []));
}

/** PRISM, and every other system under test, is known to target files alone. */
export function systemBreaches({ path, text }: SourceFile): readonly string[] {
  if (!path.startsWith("src/") || isTest(path)) return [];
  const words = text.replaceAll(/prism-chaos|PRISM_CHAOS|\/prism\//g, "");
  return /\bprism\b|\/api\/v1|\betcd\b/i.test(words) ? [`${path} knows a system under test by name`] : [];
}

/** Files of a folder that its registry (index.ts) does not import; `except` are shared pieces, not entries. */
export function unregistered(
  files: readonly SourceFile[],
  folder: string,
  except: readonly string[],
): readonly string[] {
  const own = files.filter(({ path }) => dirname(path) === folder && !isTest(path));
  const index = own.find(({ path }) => path === `${folder}/index.ts`);
  const registered = index === undefined ? [] : importsOf(index).map((specifier) => normalize(join(folder, specifier)));
  return own
    .map(({ path }) => path)
    .filter((path) => path !== index?.path && !registered.includes(path) && !except.includes(path))
    .map((path) => `${path} is not registered in ${folder}/index.ts`);
}

/** A published schema that is not what the sources say. */
export function staleSchema(name: string, fresh: string, stored: string): readonly string[] {
  return fresh === stored ? [] : [`schemas/${name} is stale; run \`npm run schemas\``];
}

function roomBreach(from: string, to: string): string | null {
  if (isTest(from) || composition.test(from)) return null;
  if (from.startsWith("fixtures/")) return to.startsWith("fixtures/") ? null : "fixtures are a program of their own";
  if (!from.startsWith("src/")) return null;
  if (!to.startsWith("src/")) return "src imports nothing outside of src";
  const own = roomOf(from);
  const other = roomOf(to);
  if (other === "core" || own === other) return null;
  if (own === "commands" || own === "") {
    const allowed = /^src\/(command|command-error|command-flags|main)\.ts$/.test(to) || composition.test(to);
    return allowed ? null : "commands import command.ts, harness.ts and core/";
  }
  return "a folder imports core/ and itself; what it needs of a sibling is handed in";
}

function roomOf(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? (parts[1] ?? "") : "";
}

function clientBreach(path: string, specifier: string): readonly string[] {
  const home =
    clients[specifier.startsWith("@") ? specifier.split("/", 2).join("/") : (specifier.split("/", 1)[0] ?? "")];
  if (home === undefined || home.test(path) || isTest(path)) return [];
  return [`${path} imports ${specifier}, which has its home elsewhere`];
}

function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("test/");
}
