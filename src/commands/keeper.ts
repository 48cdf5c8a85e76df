import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { HarnessError } from "../core/harness-error.ts";
import { keep } from "../harness-keeper.ts";

export default class Keeper extends HarnessCommand {
  static override hidden = true;
  static override summary = "Serve as the keeper of one run. Started by `run`, never by hand.";

  protected async work(): Promise<Outcome> {
    await this.parse(Keeper);
    if (process.send === undefined) {
      throw new HarnessError("the keeper is started by `prism-chaos run`, not by hand", {
        code: "no-runner",
        exit: "usage",
        next: "prism-chaos run --help",
      });
    }
    await keep(
      {
        // A runner that is gone cannot be told; the end of the channel is an event of its own.
        send: (message) => void process.send?.(message, () => undefined),
        onRequest: (listener) => void process.on("message", listener),
        onEnd: (listener) => {
          process.on("disconnect", listener);
          // A runner that was killed while this program was loading: the event is over before anybody listens.
          if (!process.connected) listener();
        },
      },
      this.signal,
    );
    if (process.connected) process.disconnect();
    return { exitCode: exitCodes.pass, text: "", json: {} };
  }
}
