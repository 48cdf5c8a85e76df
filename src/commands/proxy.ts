import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { serveLinks } from "../harness-proxy.ts";

export default class Proxy extends HarnessCommand {
  static override hidden = true;
  static override summary = "Serve as the proxy of a run's links. Started by the keeper; ends with its standard input.";

  protected async work(): Promise<Outcome> {
    await this.parse(Proxy);
    const inputEnded = new AbortController();
    const end = (): void => inputEnded.abort();
    process.stdin.on("end", end).on("close", end).on("error", end).resume();
    await serveLinks((url) => this.log(url), AbortSignal.any([this.signal, inputEnded.signal]));
    return { exitCode: exitCodes.pass, text: "", json: {} };
  }
}
