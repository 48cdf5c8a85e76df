#!/usr/bin/env node
// Over the compiled program in dist/.
import { settings } from "@oclif/core";

settings.enableAutoTranspile = false;
const { main } = await import("../dist/src/main.js");
await main(import.meta.url, process.argv.slice(2));
