import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { toolInfo } from "../core/provenance.ts";

export default class Version extends HarnessCommand {
  static override summary = "Say which version this is, and on which Node and system it runs.";
  static override examples = ["<%= config.bin %> version", "<%= config.bin %> version --json"];

  protected async work(): Promise<Outcome> {
    await this.parse(Version);
    const { version, node, platform } = toolInfo();
    return {
      exitCode: exitCodes.pass,
      text: `prism-chaos ${version} · Node ${node} · ${platform}`,
      json: { version, node, platform },
    };
  }
}
