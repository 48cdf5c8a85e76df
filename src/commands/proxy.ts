import { isIP } from "node:net";
import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { serveLinks } from "../harness-proxy.ts";

export default class Proxy extends HarnessCommand {
  static override summary = "Serve the built-in proxy alone: Toxiproxy's HTTP API, for any Toxiproxy client.";
  static override description =
    "Prints the URL of its API on standard output once it listens, and serves until Ctrl-C or SIGTERM, which ends it with 0. What it has beyond Toxiproxy 2.12, and where it differs on purpose, stands in docs/reference/toxiproxy.md. Exit: 64 a file that is no list of proxies, 69 a port that cannot be opened.";
  static override examples = [
    "<%= config.bin %> proxy",
    "<%= config.bin %> proxy --config proxies.json --seed 42",
    "<%= config.bin %> proxy --port 0 --proxy-metrics",
  ];
  static override flags = {
    host: Flags.string({
      description: "Address of the API. Beyond loopback everybody who reaches it can open ports here.",
      default: "localhost",
    }),
    port: Flags.integer({
      description: "Port of the API; 0 for any free one.",
      default: 8474,
      min: 0,
      max: 65_535,
    }),
    config: Flags.string({
      description: "JSON file of proxies that are there from the start, as POST /populate takes them.",
      helpValue: "FILE",
    }),
    seed: Flags.string({ description: "Decides toxicity, jitter, slices and losses; fresh unless said." }),
    strict: Flags.boolean({
      description: "End a connection when one direction has ended, as Toxiproxy does; else the other one goes on.",
    }),
    "proxy-metrics": Flags.boolean({ description: "Serve bytes by proxy at /metrics, for Prometheus." }),
    "runtime-metrics": Flags.boolean({ description: "Serve memory, CPU and descriptors of this process at /metrics." }),
    "until-input-ends": Flags.boolean({ description: "End with standard input.", hidden: true }),
  };

  protected override get stopping(): string {
    return "closing every port and every connection through them.";
  }

  protected async work(): Promise<Outcome> {
    const { flags } = await this.parse(Proxy);
    const { host, port, config = null, seed = null, strict } = flags;
    const metrics = { proxy: flags["proxy-metrics"], runtime: flags["runtime-metrics"] };
    const signal = flags["until-input-ends"] ? AbortSignal.any([this.signal, inputEnd()]) : this.signal;
    let served = "";
    const tell = (url: string): void => {
      served = url;
      this.log(url);
      if (!flags["until-input-ends"]) this.terminal.write(`${hint(host)}\n`);
    };
    await serveLinks({ host, port, config, seed, isStrict: strict, metrics }, tell, signal);
    return { exitCode: exitCodes.pass, text: "", json: { url: served } };
  }
}

/** Aborts when standard input ends: whoever started this process is gone. */
function inputEnd(): AbortSignal {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  process.stdin.on("end", end).on("close", end).on("error", end).resume();
  return ended.signal;
}

function hint(host: string): string {
  const isLoopback = host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
  const warning = isLoopback ? "" : ` ${host} is beyond loopback: everybody who reaches it can open ports here.`;
  return `Toxiproxy's API, version 2.12.0. Ctrl-C ends it.${warning}`;
}
