import { parseArgs } from "node:util";
import { benchControl } from "./proxy-control.ts";
import { benchIdle } from "./proxy-idle.ts";
import { benchLoad } from "./proxy-load.ts";

/**
 * The built-in proxy beside a real Toxiproxy, in one run: requests a second through each, connections that idle, and how long it takes to open, stall and reset a
 * thousand links. Needs what scripts/setup-real.sh installs.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    parts: { type: "string", default: "control,load,idle" },
  },
});
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)));
}
const { signal } = interrupted;
const rounds = Number(values.rounds);
const parts = values.parts.split(",");
try {
  // What idles leaves tens of thousands of connections that the system has yet to forget: it comes last.
  if (parts.includes("control")) await benchControl(rounds, signal);
  if (parts.includes("load")) await benchLoad(rounds, new RegExp(values.only), signal);
  if (parts.includes("idle")) await benchIdle(signal);
} catch (thrown) {
  if (!signal.aborted) throw thrown;
  console.error("interrupted; everything that was started is ended");
  process.exitCode = 130;
}
