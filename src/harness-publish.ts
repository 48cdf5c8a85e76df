import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { systemClock } from "./core/clock.ts";
import { decisionShape } from "./core/decision-schema.ts";
import type { Decision } from "./core/decision.ts";
import { parseDuration } from "./core/duration.ts";
import { environmentVariable } from "./core/environment.ts";
import { exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { given } from "./core/given.ts";
import { HarnessError } from "./core/harness-error.ts";
import { isList, parseJson } from "./core/json.ts";
import { nearby } from "./core/nearby.ts";
import type { Message } from "./core/post.ts";
import { currentAttempt, toolInfo } from "./core/provenance.ts";
import { freshSeed, randomStream } from "./core/random.ts";
import type { Redaction } from "./core/redaction.ts";
import type { Report } from "./core/report.ts";
import { pause } from "./core/wait.ts";
import { openPoster } from "./drivers/post.ts";
import { readRaw } from "./gates/read-folder.ts";
import { defaults } from "./harness-catalogue.ts";
import { hiddenError } from "./harness-hiding.ts";
import { runsAskedFor } from "./harness-lookup.ts";
import { hiddenDelivery, placesHidden, tokenOf } from "./harness-published.ts";
import { unusable } from "./harness-stored.ts";
import { dashboardMessage, type Origin } from "./publishing/dashboard.ts";
import { deliver, type Delivered, type Delivering } from "./publishing/deliver.ts";
import { annotationMessage, annotationsOf, annotationThere } from "./publishing/grafana.ts";
import { otlpMessage } from "./publishing/otlp.ts";
import { pushgatewayMessage } from "./publishing/pushgateway.ts";
import { publishText } from "./reporters/publish-text.ts";

// The part of the composition root that tells other systems of decisions and runs.

/** What `publish` takes. */
export interface PublishFlags {
  /** Undefined: decision.json in the folder. */
  readonly decision: string | undefined;
  readonly dashboardUrl: string | undefined;
  readonly otlpUrl: string | undefined;
  readonly pushgatewayUrl: string | undefined;
  readonly grafanaUrl: string | undefined;
  /** For how long each is tried. */
  readonly timeout: string;
  readonly signal: AbortSignal;
}

/** What is told. */
interface Content {
  readonly decision: Decision | null;
  readonly reports: readonly Report[];
  /** Why no run is told of; null: all are. */
  readonly untold: string | null;
}

/**
 * Tells the places that are named, each until it takes it or the time is over. Exit 69 if one did not, 12 if the decision was told alone
 * because a run cannot be believed; throws `HarnessError` (exit 64, 12). Neither what it says nor what it throws has an address or a token.
 */
export async function publish(asked: string | undefined, flags: PublishFlags): Promise<Outcome> {
  const hide = placesHidden([flags.dashboardUrl, flags.otlpUrl, flags.pushgatewayUrl, flags.grafanaUrl]);
  try {
    const { content, delivered } = await publishAll(asked, flags);
    return outcomeOf(
      content,
      delivered.map((one) => hiddenDelivery(one, hide)),
      hide,
    );
  } catch (thrown) {
    throw hiddenError(thrown, hide);
  }
}

async function publishAll(
  asked: string | undefined,
  flags: PublishFlags,
): Promise<{ readonly content: Content; readonly delivered: readonly Delivered[] }> {
  const urls = [flags.dashboardUrl, flags.otlpUrl, flags.pushgatewayUrl, flags.grafanaUrl];
  if (urls.every((url) => url === undefined))
    throw usage("say where to publish to: --dashboard-url, --otlp-url, --pushgateway-url or --grafana-url");
  const limitMs = parseDuration(flags.timeout, "--timeout");
  if (limitMs === 0) throw usage("--timeout 0s leaves no time to be told anything");
  const content = contentOf(given(asked, "FOLDER") ?? nearby(resolve(defaults().out ?? "reports")), flags);
  const messages = await messagesFor(content, flags);
  const poster = openPoster();
  const random = randomStream(freshSeed(), "publish");
  const delivering: Delivering = {
    post: poster.post,
    clock: systemClock,
    pause,
    fraction: () => random.fraction(),
    limitMs,
    signal: flags.signal,
  };
  try {
    const delivered: Delivered[] = [];
    for (const message of messages) delivered.push(await deliver(message, delivering));
    const url = flags.grafanaUrl;
    if (url !== undefined)
      delivered.push(...(await annotate(valid(url, "--grafana-url"), content.reports, delivering)));
    return { content, delivered };
  } finally {
    await poster.close();
  }
}

function outcomeOf(content: Content, delivered: readonly Delivered[], hide: Redaction): Outcome {
  const isWhole = delivered.every(({ isDelivered }) => isDelivered);
  const untold = content.untold === null ? null : hide.text(content.untold);
  return {
    exitCode: strongestExitCode([
      isWhole ? exitCodes.pass : exitCodes.unavailable,
      ...(untold === null ? [] : [exitCodes.unusable]),
    ]),
    text: [
      publishText(delivered),
      ...(untold === null ? [] : [`The decision was told without its runs: ${untold}`]),
    ].join("\n"),
    json: {
      published: isWhole,
      decision: content.decision?.recommendation ?? null,
      runs: content.reports.length,
      runs_untold: untold,
      deliveries: delivered,
    },
  };
}

function contentOf(folder: string, { decision, dashboardUrl }: PublishFlags): Content {
  const file = decision ?? join(folder, "decision.json");
  const isThere = existsSync(file);
  if (!isThere && (decision !== undefined || dashboardUrl !== undefined)) {
    throw new HarnessError(`there is no decision at ${file}`, {
      code: "no-decision",
      exit: "usage",
      next: "prism-chaos gate writes it; or name it with --decision",
    });
  }
  const read = isThere ? decisionIn(file) : null;
  const { reports, untold } = runsIn(folder, read !== null);
  if (read === null && reports.length === 0)
    throw usage(`${folder} holds neither a decision nor a run, so that there is nothing to tell`);
  return { decision: read, reports, untold };
}

/** The runs of a folder. Where they cannot be believed a decision that says so must be seen all the same: then it is told alone. */
function runsIn(folder: string, isDecided: boolean): Omit<Content, "decision"> {
  try {
    const { runs } = runsAskedFor(existsSync(folder) ? folder : undefined, folder);
    return { reports: runs.flatMap((run) => (run.kind === "judged" ? [run.report] : [])), untold: null };
  } catch (thrown) {
    if (isDecided && thrown instanceof HarnessError && thrown.exit === "unusable")
      return { reports: [], untold: thrown.message };
    throw thrown;
  }
}

function decisionIn(file: string): Decision {
  const value = parseJson(readRaw(file).text ?? "")?.value;
  if (decisionShape.is(value)) return value;
  const [problem] = decisionShape.errors(value);
  throw unusable(
    file,
    `it is no decision of this version: ${problem?.instancePath ?? ""} ${problem?.message ?? ""}`.trim(),
  );
}

async function messagesFor(content: Content, flags: PublishFlags): Promise<readonly Message[]> {
  const { decision, reports, untold } = content;
  const { dashboardUrl, otlpUrl, pushgatewayUrl } = flags;
  const { version } = toolInfo();
  const messages: Message[] = [];
  if (dashboardUrl !== undefined && decision !== null) {
    const url = valid(dashboardUrl, "--dashboard-url");
    messages.push(
      dashboardMessage({ url, token: tokenOf("DASHBOARD") }, { decision, reports, untold, origin: origin() }),
    );
  }
  if (otlpUrl !== undefined)
    messages.push(otlpMessage({ url: valid(otlpUrl, "--otlp-url"), token: tokenOf("OTLP"), version }, content));
  if (pushgatewayUrl !== undefined) {
    messages.push(
      await pushgatewayMessage(
        { url: valid(pushgatewayUrl, "--pushgateway-url"), token: tokenOf("PUSHGATEWAY") },
        content,
      ),
    );
  }
  return messages;
}

/** Puts the fault windows of runs there, but for those that are there already: Grafana knows no idempotency key. */
async function annotate(
  url: string,
  reports: readonly Report[],
  delivering: Delivering,
): Promise<readonly Delivered[]> {
  const grafana = { url, token: tokenOf("GRAFANA") };
  const delivered: Delivered[] = [];
  for (const annotation of reports.flatMap(annotationsOf)) {
    const found = await deliver(annotationThere(grafana, annotation), delivering);
    if (!found.isDelivered) return [...delivered, found];
    const there = parseJson(found.body)?.value;
    if (!isList(there))
      return [...delivered, { ...found, isDelivered: false, problem: "it does not answer as Grafana does" }];
    if (there.length > 0) continue;
    delivered.push(await deliver(annotationMessage(grafana, annotation), delivering));
  }
  return delivered;
}

function origin(): Origin {
  const [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(
    environmentVariable,
  );
  const isKnown = typeof server === "string" && typeof repository === "string" && typeof run === "string";
  return {
    repository: repository ?? null,
    ref: environmentVariable("GITHUB_REF"),
    page: isKnown ? `${server}/${repository}/actions/runs/${run}` : null,
    attempt: currentAttempt(),
  };
}

/** The URL, if it is one. Its text may be a secret: it is never told. */
function valid(text: string, flag: string): string {
  const url = URL.parse(text);
  if (url !== null && ["http:", "https:"].includes(url.protocol)) return text;
  throw usage(`${flag} is no URL that begins with http:// or https://`);
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next: "prism-chaos publish --help" });
}
