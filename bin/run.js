#!/usr/bin/env node
// Over the compiled program in dist/. This file alone must be read by any Node: it says which one is needed.
if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    `Error: prism-chaos needs Node 24 or newer, and this is ${process.versions.node}\n` +
      "  next: start it as npx prism-chaos in the folder in which npm ci was run, which brings its own, or with a newer node\n" +
      "  exit 69 (old-node)\n",
  );
  process.exit(69);
}
const { settings } = await import("@oclif/core");
settings.enableAutoTranspile = false;
const { main } = await import("../dist/src/main.js");
await main(import.meta.url, process.argv.slice(2));
