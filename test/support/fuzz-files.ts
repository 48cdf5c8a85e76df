import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { messageOf } from "../../src/core/harness-error.ts";
import { type FileKind, fileKinds, type Validated, validateFile } from "../../src/harness-files.ts";
import { packageRoot } from "./command-line.ts";
import { mutant, type Specimen, specimen } from "./mutate-file.ts";

/** How the file's loader is called; tests hand in one with a planted bug. */
export type Load = (file: string, as: FileKind | null) => Validated;

/** What became of one file. `wrong` says which bug of ours it shows. */
export type Outcome = { readonly outcome: "accepted" | "no YAML" | "not valid" } | { readonly wrong: string };

/** A specimen of a kind. */
export interface Good extends Specimen {
  readonly kind: FileKind;
}

const config =
  "# yaml-language-server: $schema=schemas/config.schema.json\ntarget: reference\nprofile: quick\nseed: '42'\nrepeat: 3\nnodes: 5\nout: reports\ntimeout: 10m\nset: { hold: 30s, n: 3 }\nscenarios: [chaos/scenarios]\n";

/** The good files that mutants are made of: the shipped ones, templates, and a file of defaults. */
export function goodFiles(): readonly Good[] {
  const folders = { scenario: "src/scenarios/catalogue", target: "fixtures/targets" } as const;
  const shipped = (["scenario", "target"] as const).flatMap((kind) => {
    const names = readdirSync(join(packageRoot, folders[kind])).map((name) => `${folders[kind]}/${name}`);
    return [...names, `src/templates/${kind}.yaml`].map((name) => {
      return { ...specimen(name, readFileSync(join(packageRoot, name), "utf8")), kind };
    });
  });
  return [...shipped, { ...specimen("config", config), kind: "config" }];
}

/** Feeds mutants to a loader and holds it against an oracle that shares nothing with it but the published schemas. */
export class Fuzz implements Disposable {
  readonly #seed: string;
  readonly #load: Load;
  readonly #good: readonly Good[] = goodFiles();
  readonly #folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "fuzz-"));
  readonly #schemas = new Map(fileKinds.map((kind) => [kind, publishedSchema(kind)]));

  constructor(seed: string, load: Load = validateFile) {
    this.#seed = seed;
    this.#load = load;
  }

  /** The bytes of the file of that number, and what it was made of. */
  file(number: number): { readonly of: Good; readonly bytes: Uint8Array } {
    const { of, bytes } = mutant(this.#seed, number, this.#good);
    const good = this.#good.find(({ name }) => name === of.name);
    if (good === undefined) throw new Error(`no good file ${of.name}`);
    return { of: good, bytes };
  }

  /** Loads the file of that number. */
  try(number: number): Outcome {
    const { of, bytes } = this.file(number);
    const path = join(this.#folder, "mutant.yaml");
    writeFileSync(path, bytes);
    try {
      // One in ten has to be recognized by itself.
      const { kind, problems, message } = this.#load(path, number % 10 === 0 ? null : of.kind);
      if (problems.length > 0) return refusal(problems, message);
      const valid = kind === null ? "it is of no kind" : this.#invalidity(bytes, kind);
      return valid === null ? { outcome: "accepted" } : { wrong: `an invalid ${kind} was accepted: ${valid}` };
    } catch (thrown) {
      return { wrong: `it crashed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}` };
    }
  }

  /** Why the file is not valid by its published schema, or null. */
  #invalidity(bytes: Uint8Array, kind: FileKind): string | null {
    const value: unknown = parse(new TextDecoder().decode(bytes), { logLevel: "error" });
    const validate = this.#schemas.get(kind);
    if (validate === undefined) return "there is no schema";
    return validate(value) ? null : JSON.stringify(validate.errors?.[0]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function refusal(problems: Validated["problems"], message: string): Outcome {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(message))
    return { wrong: "its message has control characters" };
  if (problems.some((problem) => problem.message === "")) return { wrong: "it was refused without a word" };
  return { outcome: problems.some(({ pointer }) => pointer !== null) ? "not valid" : "no YAML" };
}

function publishedSchema(kind: FileKind): ReturnType<Ajv2020["compile"]> {
  const ajv = new Ajv2020({ strict: false });
  const schema: object = JSON.parse(readFileSync(join(packageRoot, "schemas", `${kind}.schema.json`), "utf8"));
  return ajv.compile(schema);
}
