import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { sealFolder } from "../harness-seal.ts";

export default class Seal extends HarnessCommand {
  static override summary =
    "Seal the manifests of runs and reports with a key, so that nobody without it can alter them unseen.";
  static override description =
    "First holds every file against its manifest; what differs is told, and nothing is sealed (exit 12). The key is a file: a secret of at least 32 bytes (HMAC-SHA256), or an Ed25519 private key in PEM. Without --key-file the file that PRISM_CHAOS_SEAL_KEY_FILE names. Exit 11 where there is no manifest, 64 for a key that cannot be used.";
  static override examples = [
    "<%= config.bin %> seal --key-file seal.pem",
    "<%= config.bin %> seal artifacts --key-file seal.key",
  ];
  static override args = {
    folder: Args.string({ description: "Folder of reports or of a run, with what lies in it; reports unless said." }),
  };
  static override flags = {
    "key-file": Flags.string({ description: "The key that seals, never its value.", helpValue: "FILE" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Seal);
    return sealFolder(args.folder, { keyFile: flags["key-file"], tell: (line) => this.terminal.write(`${line}\n`) });
  }
}
