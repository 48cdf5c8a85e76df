import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { publish } from "../harness-publish.ts";

export default class Publish extends HarnessCommand {
  static override summary = "Tell a dashboard, an OTLP collector, a Pushgateway or Grafana of a decision and its runs.";
  static override description =
    "Each place is tried until it takes it, refuses it for good (a redirect, a 4xx), or the time is over; busy and unreachable ones are tried again, with the same idempotency key, so that nothing is there twice. URLs and tokens are never printed. Tokens come from the environment: PRISM_CHAOS_DASHBOARD_TOKEN, PRISM_CHAOS_OTLP_TOKEN, PRISM_CHAOS_PUSHGATEWAY_TOKEN, PRISM_CHAOS_GRAFANA_TOKEN. Exit: 0 every place took it, whatever the decision is; 69 one did not; 12 the decision cannot be believed, or was told alone because a run cannot be; 64 wrong call.";
  static override examples = [
    "<%= config.bin %> publish --dashboard-url https://dashboard.example.org/api/decisions",
    "<%= config.bin %> publish artifacts --decision decision.json --otlp-url http://localhost:4318",
    "<%= config.bin %> publish --pushgateway-url http://localhost:9091 --grafana-url http://localhost:3000",
  ];
  static override args = { folder: Args.string({ description: "Folder of reports; reports unless said." }) };
  static override flags = {
    decision: Flags.string({
      description: "The decision file; decision.json in the folder unless said.",
      helpValue: "FILE",
    }),
    "dashboard-url": Flags.string({
      description: "Where the decision is POSTed as JSON.",
      helpValue: "URL",
      env: "PRISM_CHAOS_DASHBOARD_URL",
    }),
    "otlp-url": Flags.string({
      description: "An OTLP collector (HTTP, JSON): what was measured, as metrics.",
      helpValue: "URL",
      env: "PRISM_CHAOS_OTLP_URL",
    }),
    "pushgateway-url": Flags.string({
      description: "A Prometheus Pushgateway: the same, as the group job=prism-chaos.",
      helpValue: "URL",
      env: "PRISM_CHAOS_PUSHGATEWAY_URL",
    }),
    "grafana-url": Flags.string({
      description: "Grafana: an annotation for each time a fault was in force.",
      helpValue: "URL",
      env: "PRISM_CHAOS_GRAFANA_URL",
    }),
    timeout: Flags.string({ description: "For how long each place is tried.", helpValue: "TIME", default: "60s" }),
  };

  protected override get stopping(): string {
    return "stopping; what was not taken yet is not published.";
  }

  protected override get stopped(): { readonly message: string; readonly next: string } {
    return { message: "interrupted", next: "run the command again: what was taken already is not there twice" };
  }

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Publish);
    return publish(args.folder, {
      decision: flags.decision,
      dashboardUrl: flags["dashboard-url"],
      otlpUrl: flags["otlp-url"],
      pushgatewayUrl: flags["pushgateway-url"],
      grafanaUrl: flags["grafana-url"],
      timeout: flags.timeout,
      signal: this.signal,
    });
  }
}
