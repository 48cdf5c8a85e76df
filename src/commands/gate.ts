import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { tellGithub } from "../harness-github.ts";
import { decideGate } from "../harness-gate.ts";
import { selfTestGate } from "../harness-selftest.ts";

export default class Gate extends HarnessCommand {
  static override summary = "Decide over a folder of reports whether the system may ship: GO, or every reason why not.";
  static override description =
    "Reads every chaos_<class>.json and performance.json below the folder, and the coverage of the system under test. All five classes must be there. Every time is computed again from its samples in the reports, every limit judged again; what is missing is never a pass. Exit: 0 GO, 10 a limit is broken (NO_GO), 11 something is missing or was not shown (CONTINUE_VALIDATION), 12 a file is unreadable, altered, stale or contradicts another (NO_GO), 64 wrong call, 69 the decision could not be written. Where several hold, all are told, and the code is the first of 12, 10, 11.";
  static override examples = [
    "<%= config.bin %> gate",
    "<%= config.bin %> gate artifacts --coverage coverage/coverage.json --coverage-threshold 95",
    "<%= config.bin %> gate --failover-sla 3s --p2p-connection-sla 2s --conflict-resolution-sla 1s",
    "<%= config.bin %> gate --json > decision.json",
  ];
  static override args = {
    folder: Args.string({ description: "Folder of the reports, searched with what lies in it; reports unless said." }),
  };
  static override flags = {
    coverage: Flags.string({
      description:
        "Line coverage of the system under test: JSON with summary.line_coverage in percent, or what Istanbul, LCOV or Cobertura write.",
      helpValue: "FILE",
      default: "coverage/coverage.json",
    }),
    "coverage-threshold": Flags.string({
      description: "Least line coverage, in percent, above 1; 95 unless the policy says.",
      helpValue: "PERCENT",
    }),
    "failover-sla": Flags.string({
      description: "Longest failover; equal passes; 5s unless the policy says.",
      helpValue: "TIME",
    }),
    "p2p-connection-sla": Flags.string({
      description: "Longest time until a new agent is connected; equal passes; 3s unless the policy says.",
      helpValue: "TIME",
    }),
    "conflict-resolution-sla": Flags.string({
      description: "Longest time until conflicting edits are one state; equal passes; 2s unless the policy says.",
      helpValue: "TIME",
    }),
    policy: Flags.string({
      description:
        "Release policy: a file, or the name of one that comes with it (release). It asks for more; flags override its figures.",
      helpValue: "FILE",
    }),
    plan: Flags.string({
      description: "What `plan --json` printed: each run of it must be there.",
      helpValue: "FILE",
    }),
    "seal-key-file": Flags.string({
      description:
        "The key that every manifest must be sealed with (a file, never its value); without it the one that PRISM_CHAOS_SEAL_KEY_FILE names. A missing seal is 11, a wrong one 12.",
      helpValue: "FILE",
    }),
    "jobs-env": Flags.string({
      description:
        "In a workflow: the variable that holds `toJSON(needs)`. A job that did not end with success is no GO, whatever the reports say.",
      helpValue: "NAME",
    }),
    "self-test": Flags.boolean({
      description:
        "Decide nothing: alter the evidence in every way that is known, and show that each time the gate blocks.",
    }),
    decision: Flags.string({
      description:
        "Where the decision is written; decision.json in the folder unless said. Of files that are there only a decision is replaced.",
      helpValue: "FILE",
    }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Gate);
    const asked = {
      coverage: flags.coverage,
      policy: flags.policy,
      plan: flags.plan,
      jobs: flags["jobs-env"],
      decision: flags.decision,
      "coverage-threshold": flags["coverage-threshold"] ?? null,
      "failover-sla": flags["failover-sla"] ?? null,
      "p2p-connection-sla": flags["p2p-connection-sla"] ?? null,
      "conflict-resolution-sla": flags["conflict-resolution-sla"] ?? null,
      sealKeyFile: flags["seal-key-file"],
      tell: (line: string) => this.terminal.write(`${line}\n`),
      columns: this.columns,
    };
    if (flags["self-test"]) return selfTestGate(args.folder, asked);
    const outcome = await decideGate(args.folder, asked);
    tellGithub({ decision: outcome.decision }, { write: this.tellLog, annotates: true });
    return outcome;
  }
}
