import { takeCoverage } from "node:v8";
import { afterAll } from "vitest";

// The processes of the tests are ended from without: what they executed is written when a file's tests are through.
afterAll(() => takeCoverage());
