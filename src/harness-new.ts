import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { packageFolder } from "./core/environment.ts";
import { exitCodes } from "./core/exit-code.ts";
import { HarnessError, messageOf, systemCodeOf } from "./core/harness-error.ts";
import { printable, quoted } from "./core/printable.ts";
import { namePattern } from "./core/schema-parts.ts";
import { nameFix } from "./core/schema-words.ts";

// The part of the composition root that writes a user's first files from templates.

/** What a new file is to be. */
export interface NewFile {
  readonly kind: "scenario" | "target";
  readonly name: string;
  /** Where it is written; `NAME.yaml` in the current folder where undefined. */
  readonly out: string | undefined;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** Writes a new scenario or target from its template: valid, commented, ready to run. Throws `HarnessError` (exit 64); replaces nothing unless told. */
export function newFile({ kind, name, out, force }: NewFile): Outcome {
  refuseName(kind, name);
  const asked = out ?? `${name}.yaml`;
  const isFolder = statSync(asked, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? join(asked, `${name}.yaml`) : asked;
  if (!/\.(ya?ml)$/.test(file)) {
    throw refused(
      `--out is ${quoted(file)}; the file is written as YAML`,
      `name it ${printable(file.replace(/\.\w*$/, ""))}.yaml`,
    );
  }
  const template = readFileSync(join(packageFolder(), "src", "templates", `${kind}.yaml`), "utf8");
  // Where the package is installed for this folder its link is what others have too; else the package itself.
  const installed = join(process.cwd(), "node_modules", "prism-chaos");
  const from = existsSync(join(installed, "schemas")) ? installed : packageFolder();
  const schema = relative(dirname(resolve(file)), join(from, "schemas", `${kind}.schema.json`));
  const text = template
    .replace(/^# yaml-language-server: .*/, () => `# yaml-language-server: $schema=${schema}`)
    .replace(`name: my-${kind}`, () => `name: ${name}`);
  write(file, text, force);
  const next = [`prism-chaos validate ${file}`, ...nextOf[kind](file)];
  return {
    exitCode: exitCodes.pass,
    text: [`wrote ${printable(file)}`, ...next.map((command) => `  next: ${printable(command)}`)].join("\n"),
    json: { kind, name, file: resolve(file), next },
  };
}

const nextOf: Readonly<Record<NewFile["kind"], (file: string) => readonly string[]>> = {
  scenario: (file) => [`prism-chaos plan ${file}`, `prism-chaos run ${file}`],
  target: (file) => [
    `prism-chaos plan leader-loss --target ${file}`,
    `prism-chaos run leader-loss --variant kill --target ${file}`,
  ],
};

function refuseName(kind: string, name: string): void {
  if (new RegExp(namePattern).test(name) && name.length <= 60) return;
  const fix = nameFix(name);
  throw refused(
    `${quoted(name)} is no name of a ${kind}: lower-case letters, digits and hyphens, a letter first, at most 60${fix}`,
    `prism-chaos new ${kind} ${/mean (\S+)\?/.exec(fix)?.[1] ?? `my-${kind}`}`,
  );
}

function write(file: string, text: string, force: boolean): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    // "wx" refuses a file that is there in the same step in which it would be made.
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (thrown) {
    if (systemCodeOf(thrown) === "EEXIST" && existsSync(file)) {
      throw refused(
        `${printable(file)} is there already, and nothing is overwritten`,
        "choose another name, --out FILE, or --force to replace it",
      );
    }
    throw refused(`${printable(file)} cannot be written: ${messageOf(thrown)}`, "choose another place with --out FILE");
  }
}

function refused(message: string, next: string): HarnessError {
  return new HarnessError(message, { code: "not-written", exit: "usage", next });
}
