import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { defineConfig } from "vitest/config";

// The unit tests of the reference swarm, run over what is built of it: scripts/system-coverage.ts measures what they execute.

const system = join(import.meta.dirname, "fixtures", "reference-swarm");
const built = join(import.meta.dirname, "dist", "fixtures", "reference-swarm");

/** The file that is built from one of the system, which a test imports; null for what only tests have. */
function builtFrom(source: string, importer: string | undefined): string | null {
  if (importer === undefined || !source.startsWith(".")) return null;
  const place = relative(system, resolve(dirname(importer), source));
  const file = join(built, place).replace(/\.ts$/, ".js");
  return place.startsWith("..") || !existsSync(file) ? null : file;
}

export default defineConfig({
  plugins: [
    {
      name: "built-system",
      enforce: "pre",
      resolveId(source, importer) {
        const file = builtFrom(source, importer);
        return file === null ? null : { id: file, external: true };
      },
    },
  ],
  test: {
    retry: 0,
    include: ["fixtures/reference-swarm/**/*.test.ts"],
    // What is built is loaded as it stands, by processes that tell of what they executed at the end of each file.
    server: { deps: { external: [/\/dist\/fixtures\//] } },
    pool: "forks",
    setupFiles: ["test/support/take-coverage.ts"],
    testTimeout: 10_000,
  },
});
