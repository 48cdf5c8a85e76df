#!/usr/bin/env node
// Over the sources: Node 24 strips the types. No build is needed, except for the reference swarm that targets start.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Config, settings } from "@oclif/core";

settings.enableAutoTranspile = false;
const root = dirname(import.meta.dirname);
const pjson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
pjson.oclif.commands = "./src/commands";
const { main } = await import("../src/main.ts");
await main(await Config.load({ root, pjson, ignoreManifest: true }), process.argv.slice(2));
