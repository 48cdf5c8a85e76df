import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Plugin } from "@oclif/core";

/** Compiles src/ and fixtures/ into dist/, then writes oclif.manifest.json, so that the command line starts without loading every command. */
const root = join(import.meta.dirname, "..");
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")],
  {
    stdio: "inherit",
  },
);
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
const { commands, version } = plugin.manifest;
writeFileSync(join(root, "oclif.manifest.json"), `${JSON.stringify({ commands, version }, null, 2)}\n`);
console.log(`built prism-chaos ${version}: ${Object.keys(commands).length} commands`);
