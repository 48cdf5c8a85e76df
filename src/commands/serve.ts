import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { serveRuns } from "../harness-serve.ts";

export default class Serve extends HarnessCommand {
  static override summary =
    "Serve every run of a folder as local pages: a list to narrow, each run's page, two side by side.";
  static override description =
    "Prints its URL on standard output once it listens, and serves until Ctrl-C or SIGTERM, which ends it with 0. It opens no browser, reads only, runs no script, and answers under its own address alone. Exit: 64 no such folder, 69 a port that cannot be opened.";
  static override examples = ["<%= config.bin %> serve", "<%= config.bin %> serve artifacts --port 8080"];
  static override args = {
    folder: Args.string({ description: "Folder of reports, searched with what lies in it; reports unless said." }),
  };
  static override flags = {
    host: Flags.string({
      description: "Address. Beyond loopback everybody who reaches it can read the runs.",
      default: "127.0.0.1",
    }),
    port: Flags.integer({ description: "Port; 0 for any free one.", default: 8475, min: 0, max: 65_535 }),
  };

  protected override get stopping(): string {
    return "closing.";
  }

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Serve);
    let served = "";
    const tell = (url: string): void => {
      served = url;
      this.log(url);
      this.terminal.write("Ctrl-C ends it.\n");
    };
    await serveRuns({ folder: args.folder, ...flags, tell, signal: this.signal });
    return { exitCode: exitCodes.pass, text: "", json: { url: served } };
  }
}
