import { readFileSync, writeFileSync } from "node:fs";
import { toxiproxyPage, withPoints } from "../test/conformance/toxiproxy-page.ts";

// Writes the points and the differences into docs/reference/toxiproxy.md.

writeFileSync(toxiproxyPage, await withPoints(readFileSync(toxiproxyPage, "utf8")));
