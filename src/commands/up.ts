import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { seriesFlags } from "../command-flags.ts";
import { exitCodes } from "../core/exit-code.ts";
import { addressLines, raisePlayground } from "../harness-playground.ts";

export default class Up extends HarnessCommand {
  static override summary = "Start a target in the background, to play with: faults by hand, addresses printed.";
  static override description =
    "It stands until `down`, and is healed and taken away also when its holder is killed. Nothing is measured: that is what `run` is for.";
  static override examples = [
    "<%= config.bin %> up",
    "<%= config.bin %> up --nodes 7",
    "<%= config.bin %> up --defect stale-read",
    "<%= config.bin %> inject pause --on leader --for 10s",
    "<%= config.bin %> down",
  ];
  static override flags = {
    target: seriesFlags.target,
    nodes: Flags.integer({ description: "How many nodes; 5 or the target's own number unless said.", min: 1 }),
    defect: seriesFlags.defect,
    proxy: seriesFlags.proxy,
    allow: seriesFlags.allow,
  };

  protected async work(): Promise<Outcome> {
    const { flags } = await this.parse(Up);
    const { target = null, nodes = null, defect = null, proxy = null, allow = [] } = flags;
    const request = { target, nodes, defect, proxy, allow };
    this.terminal.write("starting …\n");
    const playground = await raisePlayground(request, this.signal);
    const next = [
      "break it:  prism-chaos inject pause --on leader --for 10s",
      "look:      prism-chaos ps",
      "end it:    prism-chaos down",
    ];
    const head = `${playground.id} stands: ${playground.target}, ${playground.addresses.length} nodes`;
    return {
      exitCode: exitCodes.pass,
      text: [head, ...addressLines(playground), `  logs  ${playground.folder}`, ...next].join("\n"),
      json: playground,
    };
  }
}
