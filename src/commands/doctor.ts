import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { doctor } from "../harness-doctor.ts";

export default class Doctor extends HarnessCommand {
  static override summary =
    "Say what is installed, usable and permitted here, what it is for, and how to get what is not.";
  static override description =
    "Exit 0 if the embedded default can run, 69 otherwise; what is optional does not count.";
  static override examples = ["<%= config.bin %> doctor", "<%= config.bin %> doctor --json"];
  static override flags = {
    out: Flags.string({ description: "Folder of the reports.", default: "reports", helpValue: "FOLDER" }),
  };

  protected async work(): Promise<Outcome> {
    const { flags } = await this.parse(Doctor);
    return doctor(flags.out);
  }
}
