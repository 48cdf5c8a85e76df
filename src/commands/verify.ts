import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { verifyFolder } from "../harness-seal.ts";

export default class Verify extends HarnessCommand {
  static override summary =
    "Tell whether runs and reports are still what their manifests list, and with a key whether it sealed them.";
  static override description =
    "Every file is digested again. Exit: 0 all is as listed (and, with a key, sealed by it), 12 a file was altered, added or taken away, or a seal is wrong, 11 a manifest, a listed file or, with a key, a seal is missing, 64 for a key that cannot be used. The key is the secret that sealed, or the public or private Ed25519 key; without --key-file the file that PRISM_CHAOS_SEAL_KEY_FILE names. Without a key nobody knows who wrote the manifests.";
  static override examples = ["<%= config.bin %> verify", "<%= config.bin %> verify artifacts --key-file seal.pub.pem"];
  static override args = {
    folder: Args.string({ description: "Folder of reports or of a run, with what lies in it; reports unless said." }),
  };
  static override flags = {
    "key-file": Flags.string({ description: "The key that tells seals, never its value.", helpValue: "FILE" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Verify);
    return verifyFolder(args.folder, { keyFile: flags["key-file"], tell: (line) => this.terminal.write(`${line}\n`) });
  }
}
