import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { standings } from "../harness.ts";

export default class Status extends HarnessCommand {
  static override summary =
    "Show which runs are at work, and what was left behind and by whom. Exit 13 if anything was.";
  static override examples = ["<%= config.bin %> status", "<%= config.bin %> status --json"];

  protected async work(): Promise<Outcome> {
    await this.parse(Status);
    const runs = standings();
    const isClean = runs.every(({ standing }) => standing === "alive");
    const lines = runs.map(({ run, standing, processes, traces, openedAt }) => {
      const what = standing === "alive" ? "at work" : "LEFT BEHIND";
      const since = openedAt === "" ? "" : ` since ${openedAt}`;
      const pids = processes.map(({ pid }) => pid).join(", ");
      const made = traces.map((trace) => `, ${trace}`).join("");
      const heal = standing === "alive" ? "" : `\n  heal it: prism-chaos heal ${run}`;
      return `${what}  ${run}${since} · ${processes.length} processes${pids === "" ? "" : ` (${pids})`}${made}${heal}`;
    });
    return {
      exitCode: isClean ? exitCodes.pass : exitCodes.residue,
      text: lines.length === 0 ? "Nothing is at work, and nothing was left behind." : lines.join("\n"),
      json: { clean: isClean, runs },
    };
  }
}
