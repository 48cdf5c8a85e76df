import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { scenariosTagged } from "../harness-jobs.ts";
import { inventory, inventoryKinds } from "../harness.ts";

export default class List extends HarnessCommand {
  static override summary =
    "List what there is: scenarios, targets, faults, probes, measures, gauges, checks, workloads, capabilities.";
  static override examples = [
    "<%= config.bin %> list",
    "<%= config.bin %> list faults",
    "<%= config.bin %> list scenarios --json",
    "<%= config.bin %> list scenarios --tag api",
  ];
  static override args = {
    kind: Args.string({ description: "What to list; everything unless said.", options: [...inventoryKinds] }),
  };
  static override flags = {
    tag: Flags.string({ description: "Only scenarios that have this tag.", helpValue: "TAG" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(List);
    const items =
      flags.tag === undefined ? inventory(args.kind ?? null) : scenariosTagged(flags.tag, args.kind ?? "scenarios");
    const kinds = Map.groupBy(items, ({ kind }) => kind);
    const text = [...kinds].map(([kind, own]) => {
      const width = Math.max(...own.map(({ name }) => name.length));
      return [kind, ...own.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join("\n");
    });
    return { exitCode: exitCodes.pass, text: text.join("\n\n"), json: items };
  }
}
