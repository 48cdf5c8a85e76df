import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Plugin } from "@oclif/core";
import standalone from "ajv/dist/standalone/index.js";
import { compileSchemas, contractPath, type Compiled } from "../fixtures/reference-swarm/validation/compile.ts";

/**
 * Compiles src/ and fixtures/ into dist/, puts compiled schemas into the built reference swarm, then writes oclif.manifest.json, so that the command line
 * starts without loading every command.
 */
const root = join(import.meta.dirname, "..");
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")],
  {
    stdio: "inherit",
  },
);
writeValidators(join(root, "dist/fixtures/reference-swarm/validation"));
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
const { commands, version } = plugin.manifest;
writeFileSync(join(root, "oclif.manifest.json"), `${JSON.stringify({ commands, version }, null, 2)}\n`);
console.log(`built prism-chaos ${version}: ${Object.keys(commands).length} commands`);

/** Puts code in the place of validators.js that was compiled from the schemas here, so that a node of a hundred starts without compiling any. */
function writeValidators(folder: string): void {
  const { plan, guards, bodies, parameters } = compileSchemas(contractPath(root), true);
  for (const [name, compiled] of Object.entries({ guards, bodies, parameters })) {
    writeFileSync(join(folder, `${name}-compiled.js`), codeOf(name, compiled));
  }
  const lines = [
    'import * as guards from "./guards-compiled.js";',
    'import * as bodies from "./bodies-compiled.js";',
    'import * as parameters from "./parameters-compiled.js";',
    `const plan = ${JSON.stringify(plan)};`,
    "export function loadValidators() {",
    "  return { guards, bodies, parameters, plan };",
    "}",
    "",
  ];
  writeFileSync(join(folder, "validators.js"), lines.join("\n"));
}

/** Throws if the code would need anything of ajv when it runs. */
function codeOf(name: string, { ajv, names }: Compiled): string {
  const code = standalone.default(ajv, Object.fromEntries(names.map((each) => [each, each])));
  if (/\brequire\(|\bimport\b/.test(code))
    throw new Error(`the compiled ${name} of the reference swarm import something`);
  return code;
}
