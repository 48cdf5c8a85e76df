import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Outcome } from "./command.ts";
import { configFileName, loadConfig } from "./core/config.ts";
import { readDocument } from "./core/document.ts";
import { exitCodes } from "./core/exit-code.ts";
import { type FileProblem, HarnessError } from "./core/harness-error.ts";
import { isObject, type Json } from "./core/json.ts";
import { vocabulary } from "./harness-catalogue.ts";
import { findPolicy } from "./harness-policy.ts";
import { loadScenario } from "./scenarios/load.ts";
import { loadTarget } from "./targets/load.ts";
import { validationText } from "./reporters/validation-text.ts";

// The part of the composition root for files that somebody wrote: what each is, and whether it is valid.

/** What a user's file can be. */
export const fileKinds = ["scenario", "target", "config", "policy"] as const;
export type FileKind = (typeof fileKinds)[number];

/** How each kind is loaded: throws `HarnessError` (exit 64) for what is not valid, and says what it is called. */
const loaders: Readonly<Record<FileKind, (file: string) => string>> = {
  scenario: (file) => loadScenario(file, vocabulary).name,
  target: (file) => loadTarget(file).name,
  config: (file) => (loadConfig(file), basename(file)),
  policy: (file) => findPolicy(file).release.name ?? basename(file),
};

/** What was found of one file. */
export interface Validated {
  readonly file: string;
  /** Null where it could not be told. */
  readonly kind: FileKind | null;
  /** What the file calls itself; null for one that is not valid. */
  readonly name: string | null;
  readonly problems: readonly FileProblem[];
  /** The problems in words; empty for a valid file. */
  readonly message: string;
}

/** Validates files, each as what it is or, with `as`, as that; `-` is standard input. Exit 64 if any is not valid, and for none at all. */
export function validateFiles(files: readonly string[], as: FileKind | null): Outcome {
  if (files.length === 0) {
    throw new HarnessError("no file to validate", {
      code: "no-file",
      exit: "usage",
      next: "give at least one, as prism-chaos validate my-scenario.yaml; - is standard input",
    });
  }
  const results = files.map((file) => (file === "-" ? validateInput(as) : validateFile(file, as)));
  const isValid = results.every(({ problems }) => problems.length === 0);
  return {
    exitCode: isValid ? exitCodes.pass : exitCodes.usage,
    text: validationText(results),
    json: {
      valid: isValid,
      files: results.map(({ problems, ...result }) => ({ ...result, valid: problems.length === 0, problems })),
    },
  };
}

/** Validates one file, as what it is or as `as`. Throws only what is a bug of ours. */
export function validateFile(file: string, as: FileKind | null): Validated {
  let kind = as;
  try {
    kind ??= kindOf(file);
    return { file, kind, name: loaders[kind](file), problems: [], message: "" };
  } catch (thrown) {
    const isOfFile = thrown instanceof HarnessError && ["usage", "unusable"].includes(thrown.exit);
    if (!isOfFile) throw thrown;
    const { message, problems } = thrown;
    const own = problems.length > 0 ? problems : [{ file, line: null, column: null, message, pointer: null }];
    return { file, kind, name: null, problems: own, message };
  }
}

function validateInput(as: FileKind | null): Validated {
  const folder = mkdtempSync(join(tmpdir(), "prism-chaos-input-"));
  const file = join(folder, "standard-input.yaml");
  try {
    writeFileSync(file, readFileSync(0));
    const result = validateFile(file, as);
    return {
      ...result,
      file: "-",
      problems: result.problems.map((problem) => ({ ...problem, file: "-" })),
      message: result.message.replaceAll(file, "standard input"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Keys that only one kind has at its top. */
const marks: Readonly<Record<FileKind, readonly string[]>> = {
  scenario: ["variants", "class", "steadyState", "workload", "checks", "expect", "timeline", "profiles"],
  target: ["operations", "links", "hooks"],
  policy: ["criteria", "noGo", "waivers", "evidence", "limits"],
  config: ["target", "profile", "seed", "repeat", "out", "timeout", "set", "scenarios", "targets"],
};

/** What a file is: by the schema that its comment names, by its own name, else by its keys. Throws `HarnessError` (exit 64) where that does not tell. */
function kindOf(file: string): FileKind {
  const { value } = readDocument(file);
  const named = /^#\s*yaml-language-server:\s*\$schema=\S*?(scenario|target|config|policy)\.schema\.json/m.exec(
    readFileSync(file, "utf8").slice(0, 4096),
  )?.[1];
  const kind = fileKinds.find((one) => one === named) ?? (basename(file) === configFileName ? "config" : byKeys(value));
  if (kind !== null) return kind;
  throw new HarnessError(
    `${file}: neither its keys nor a first line tell whether it is a scenario, a target or a policy`,
    {
      code: "unknown-kind",
      exit: "usage",
      next: "say it with --as scenario, or begin the file as `prism-chaos new scenario NAME` does",
    },
  );
}

function byKeys(value: Json): FileKind | null {
  if (!isObject(value)) return null;
  const counts = fileKinds.map((kind) => ({
    kind,
    count: marks[kind].filter((key) => Object.hasOwn(value, key)).length,
  }));
  const [best] = counts.toSorted((left, right) => right.count - left.count);
  return best === undefined || best.count === 0 ? null : best.kind;
}
