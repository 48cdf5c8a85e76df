import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { inventory, inventoryKinds } from "../harness.ts";

export default class List extends HarnessCommand {
  static override summary =
    "List what there is: scenarios, targets, faults, probes, measures, gauges, checks, workloads, capabilities.";
  static override examples = [
    "<%= config.bin %> list",
    "<%= config.bin %> list faults",
    "<%= config.bin %> list scenarios --json",
  ];
  static override args = {
    kind: Args.string({ description: "What to list; everything unless said.", options: [...inventoryKinds] }),
  };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(List);
    const items = inventory(args.kind ?? null);
    const kinds = Map.groupBy(items, ({ kind }) => kind);
    const text = [...kinds].map(([kind, own]) => {
      const width = Math.max(...own.map(({ name }) => name.length));
      return [kind, ...own.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join("\n");
    });
    return { exitCode: exitCodes.pass, text: text.join("\n\n"), json: items };
  }
}
