#!/usr/bin/env node
// Over the sources: Node 24 strips the types. No build is needed, except for the reference swarm that targets start.
import { settings } from "@oclif/core";

settings.enableAutoTranspile = false;
const { main } = await import("../src/main.ts");
await main(import.meta.url, process.argv.slice(2));
