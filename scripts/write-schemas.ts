import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { publishedSchemas } from "../src/harness.ts";

/** Writes the JSON Schemas that editors complete and check files with. A test fails while they are not fresh. */
for (const [name, schema] of Object.entries(publishedSchemas())) {
  const file = join(import.meta.dirname, "..", "schemas", name);
  writeFileSync(file, await format(JSON.stringify(schema), { parser: "json", printWidth: 120 }));
  console.log(file);
}
