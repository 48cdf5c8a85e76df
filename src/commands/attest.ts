import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { attestFolder } from "../harness-attest.ts";

export default class Attest extends HarnessCommand {
  static override summary =
    "Say what the runs of a folder came to as an in-toto statement (test-result), signed if there is a key.";
  static override description =
    "The subjects are what was tested. Each verdict of each run is a test; what was not shown, broken off or never run is among the failed ones, because the format has no word for it. Evidence that was altered is not attested: exit 12; none at all: 11. A statement of failed tests is written with exit 0: the gate decides, not this. With an Ed25519 private key (--key-file, else PRISM_CHAOS_SEAL_KEY_FILE) it is put in a signed DSSE envelope.";
  static override examples = [
    "<%= config.bin %> attest --subject dist/server.tgz --output statement.json",
    "<%= config.bin %> attest artifacts --subject registry/server@sha256:HEX --key-file seal.pem --output statement.dsse.json",
  ];
  static override args = {
    folder: Args.string({ description: "Folder of reports, searched with what lies in it; reports unless said." }),
  };
  static override flags = {
    subject: Flags.string({
      description:
        "What was tested: a file, or its name and digest; may be given several times. The evidence files unless said.",
      helpValue: "FILE|NAME@sha256:HEX",
      multiple: true,
      default: [],
    }),
    output: Flags.string({
      description:
        "Where it is written; standard output unless said. Of files that are there only a statement is replaced.",
      helpValue: "FILE",
    }),
    url: Flags.string({
      description: "Where the runs were made; in GitHub Actions the job unless said.",
      helpValue: "URL",
    }),
    "key-file": Flags.string({ description: "The key that signs, never its value.", helpValue: "FILE" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Attest);
    return attestFolder(args.folder, {
      subjects: flags.subject,
      output: flags.output,
      url: flags.url,
      keyFile: flags["key-file"],
      tell: (line) => this.terminal.write(`${line}\n`),
    });
  }
}
