import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { injectByHand, injectRequest, injectedText } from "../harness-playground.ts";

export default class Inject extends HarnessCommand {
  static override summary = "Put a fault in force in a playground, by hand, and read it back.";
  static override description =
    "Whom it hits is said as in a scenario: a node's name, leader, follower, 2 followers, 50%, minority with leader, all but leader, everyone. `prism-chaos list faults` shows the faults, `prism-chaos explain fault.NAME` their parameters.";
  static override examples = [
    "<%= config.bin %> inject pause --on leader --for 10s",
    "<%= config.bin %> inject isolate --on n2 --with mode=refuse",
    "<%= config.bin %> inject partition --side 'minority with leader' --side rest",
    "<%= config.bin %> heal isolate",
  ];
  static override args = { fault: Args.string({ description: "The kind of fault.", required: true }) };
  static override flags = {
    on: Flags.string({ description: "Whom it hits; may be given several times.", multiple: true }),
    side: Flags.string({
      description: "For a fault between groups: who is on a side; give it for each side.",
      multiple: true,
    }),
    with: Flags.string({
      description: "A parameter of the fault; may be given several times.",
      helpValue: "NAME=VALUE",
      multiple: true,
    }),
    for: Flags.string({ description: "How long it is in force; until it is healed unless said.", helpValue: "TIME" }),
    as: Flags.string({ description: "The name by which it is healed; its kind unless said." }),
    in: Flags.string({ description: "The playground's name, where several stand." }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Inject);
    const injected = await injectByHand(injectRequest(args.fault, flags));
    return { exitCode: exitCodes.pass, text: injectedText(injected), json: injected };
  }
}
