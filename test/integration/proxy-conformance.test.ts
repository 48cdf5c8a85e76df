import { startBuiltIn } from "../conformance/server-process.ts";
import { testPoints } from "../conformance/run-points.ts";

// What a Toxiproxy server does, point by point, on the built-in one; test/real holds the real one to the same points.

testPoints(startBuiltIn);
