import { startToxiproxy } from "../conformance/server-process.ts";
import { testPoints } from "../conformance/run-points.ts";

// The points by which the built-in server is judged, on the real one: what is expected there must be what it does.

testPoints(startToxiproxy);
