import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { tellGithub } from "../harness-github.ts";
import { reportFormats, reportRuns } from "../harness-report.ts";

export default class Report extends HarnessCommand {
  static override summary =
    "Tell of runs in the format of another tool: JUnit, CTRF, Markdown, Chaos Toolkit, JSON, HTML.";
  static override description =
    "Of a folder of reports every run of its chaos_<class>.json is told, once, and the later series that none of them has; of a run its own folder. A run that was broken off, killed or never begun is told as such in every format, never left out and never passed; what was not shown is an error, never skipped. html and chaostoolkit tell of one run. Exit: 0 written, whatever the runs came to (it converts; `gate` decides), 11 there is no run (the document says so), 12 a file is unreadable, altered or contradicts another, 64 wrong call, 69 the file could not be written.";
  static override examples = [
    "<%= config.bin %> report --format junit --output junit.xml",
    "<%= config.bin %> report artifacts --format markdown",
    "<%= config.bin %> report 20261120-141503-leader-loss-kill-1-3f9a --format html --output run.html",
    "<%= config.bin %> report reports/chaos_data_corruption.json --format ctrf",
  ];
  static override args = {
    run: Args.string({
      description: "Folder of a run, its id, a folder of reports, or a chaos_<class>.json; reports unless said.",
    }),
  };
  static override flags = {
    format: Flags.option({ options: reportFormats, required: true, description: "The format." })(),
    output: Flags.string({ description: "Where it is written; standard output unless said.", helpValue: "FILE" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Report);
    const outcome = await reportRuns(args.run, { format: flags.format, output: flags.output });
    tellGithub(outcome, { write: this.tellLog, annotates: false });
    return outcome;
  }
}
