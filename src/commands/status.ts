import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { inForceOf, standings } from "../harness.ts";

export default class Status extends HarnessCommand {
  static override summary =
    "Show which runs are at work, what is in force and since when, and what was left behind and by whom. Exit 13 if anything was.";
  static override examples = ["<%= config.bin %> status", "<%= config.bin %> status --json"];

  protected async work(): Promise<Outcome> {
    await this.parse(Status);
    const runs = standings().map((run) => ({ ...run, inForce: inForceOf(run) }));
    const isClean = runs.every(({ standing }) => standing === "alive");
    const lines = runs.map(({ run, standing, processes, traces, openedAt, inForce }) => {
      const what = standing === "alive" ? "at work" : "LEFT BEHIND";
      const since = openedAt === "" ? "" : ` since ${openedAt}`;
      const pids = processes.map(({ pid }) => pid).join(", ");
      const made = traces.map((trace) => `, ${trace}`).join("");
      const heal = standing === "alive" ? "" : `\n  heal it: prism-chaos heal ${run}`;
      const faults = inForce.map(
        ({ fault, actions, since: from }) =>
          `\n  ${standing === "alive" ? "in force" : "broken"}: ${fault} (${actions} ${actions === 1 ? "action" : "actions"}) since ${from}`,
      );
      return `${what}  ${run}${since} · ${processes.length} processes${pids === "" ? "" : ` (${pids})`}${made}${faults.join("")}${heal}`;
    });
    return {
      exitCode: isClean ? exitCodes.pass : exitCodes.residue,
      text: lines.length === 0 ? "Nothing is at work, and nothing was left behind." : lines.join("\n"),
      json: { clean: isClean, runs },
    };
  }
}
