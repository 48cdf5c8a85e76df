import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { publish, type PublishFlags } from "../../src/harness-publish.ts";
import { otlpMessage } from "../../src/publishing/otlp.ts";
import { pushgatewayMessage } from "../../src/publishing/pushgateway.ts";
import { Workplace } from "../support/command-line.ts";
import { decideFolder } from "../support/decide-folder.ts";
import { baseReport } from "../support/good-reports.ts";
import { ReportFolder } from "../support/report-folder.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const root = mkdtempSync(join(tmpdir(), "publish-"));
const servers: Server[] = [];
afterAll(() => {
  rmSync(root, { recursive: true });
  for (const server of servers) server.close();
});
afterEach(() => vi.unstubAllEnvs());

/** A place that answers with these statuses in turn, the last one again and again, and keeps what it was asked. */
async function place(
  statuses: readonly number[],
  answer: (asked: Asked) => string = () => "",
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      response.writeHead(statuses[Math.min(asked.length, statuses.length) - 1] ?? 200).end(answer(one));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A place that does with each answer as it likes. */
async function raw(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let count = 0;
/** A folder of reports with its decision. */
async function decided(change: (folder: ReportFolder) => ReportFolder = (folder) => folder): Promise<string> {
  const folder = change(new ReportFolder());
  const at = join(root, String((count += 1)));
  folder.save(at);
  writeFileSync(join(at, "reports", "decision.json"), JSON.stringify(await decideFolder(folder)));
  return join(at, "reports");
}

const flags = (part: Partial<PublishFlags>): PublishFlags => ({
  decision: undefined,
  dashboardUrl: undefined,
  otlpUrl: undefined,
  pushgatewayUrl: undefined,
  grafanaUrl: undefined,
  timeout: "20s",
  signal: new AbortController().signal,
  ...part,
});

test("A dashboard that is busy twice takes the decision once it can, with the same key each time, and each time it is published.", async () => {
  vi.stubEnv("PRISM_CHAOS_DASHBOARD_TOKEN", "s3ntinel-token");
  const { url, asked } = await place([503, 500, 202]);
  const folder = await decided();
  const first = await publish(folder, flags({ dashboardUrl: `${url}/hook/s3ntinel-path` }));
  expect([first.exitCode, first.text]).toEqual([0, "PUBLISHED  to the dashboard, after 3 attempts"]);
  expect(await publish(folder, flags({ dashboardUrl: `${url}/hook/s3ntinel-path` }))).toMatchObject({ exitCode: 0 });
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  expect(asked[0]).toMatchObject({
    method: "POST",
    path: "/hook/s3ntinel-path",
    headers: { authorization: "Bearer s3ntinel-token" },
  });
  const document = JSON.parse(asked[3]?.body ?? "") as {
    kind: string;
    decision: { recommendation: string };
    runs: object[];
  };
  expect(document).toMatchObject({ kind: "prism-chaos/decision", decision: { recommendation: "GO" } });
  expect(document.runs).toHaveLength(6);
  expect(JSON.stringify([first.text, first.json, document])).not.toContain("s3ntinel");
});

test("Another decision has another key.", async () => {
  const { url, asked } = await place([200]);
  await publish(await decided(), flags({ dashboardUrl: url }));
  await publish(
    await decided((folder) => folder.set("coverage/coverage.json", "/summary/line_coverage", 90)),
    flags({ dashboardUrl: url }),
  );
  expect(new Set(asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
});

test("A NO_GO is published as well as a GO: exit 0, because the gate has said it already.", async () => {
  const { url, asked } = await place([200]);
  const folder = await decided((one) => one.set("coverage/coverage.json", "/summary/line_coverage", 1));
  expect(await publish(folder, flags({ dashboardUrl: url }))).toMatchObject({ exitCode: 0 });
  expect(asked[0]?.body).toContain('"recommendation":"NO_GO"');
});

test("Who refuses is asked once, who is away until the time is over: exit 69, why, and never where.", async () => {
  const { url, asked } = await place([422], () => "s3ntinel? no: \u001b[31mbad");
  const folder = await decided();
  const ended = await publish(folder, flags({ dashboardUrl: `${url}/s3ntinel` }));
  expect([ended.exitCode, asked.length]).toEqual([69, 1]);
  expect(ended.text).toMatch(/^NOT PUBLISHED {2}to the dashboard: it answers 422, 1 attempt\. It says: /);
  expect(ended.text).not.toContain("\u001b");
  const away = await publish(folder, flags({ dashboardUrl: "http://127.0.0.1:9/s3ntinel", timeout: "1200ms" }));
  expect(away.exitCode).toBe(69);
  expect(away.text).toMatch(/no answer: ECONNREFUSED, [2-9] attempts/);
  expect(away.text).not.toContain("s3ntinel");
});

test("A place that repeats its address and its token is told without either: whole, in parts, encoded, and where the answer is cut.", async () => {
  const token = "s3ntinel-token/with+signs";
  vi.stubEnv("PRISM_CHAOS_DASHBOARD_TOKEN", token);
  vi.stubEnv("DEPLOY_PASSWORD", "s3ntinel-elsewhere");
  const { url, asked } = await place([401], ({ path, headers }) =>
    [
      `Cannot POST ${path}: ${headers.authorization ?? ""} ${headers.host ?? ""}`,
      Buffer.from(token).toString("base64"),
      encodeURIComponent(token),
      "key s3ntinel-query, s3ntinel-elsewhere",
      `${"x".repeat(120)}${token}${"y".repeat(2000)}${token}`,
    ]
      .join(" ")
      .padEnd(9990, "z")
      .concat(token),
  );
  const folder = await decided();
  const ended = await publish(folder, flags({ dashboardUrl: `${url}/hook/s3ntinel-path?key=s3ntinel-query` }));
  expect(asked).toHaveLength(1);
  expect(ended.exitCode).toBe(69);
  const told = JSON.stringify([ended.text, ended.json]);
  expect(told).not.toMatch(/s3ntinel|c3NudGluZWw|with%2Bsigns/);
  expect(told).not.toContain(Buffer.from(token).toString("base64"));
  expect(ended.text).toContain("It says: Cannot POST ‹secret›: Bearer ‹secret›");
});

test("What is thrown has no address either.", async () => {
  const dashboardUrl = "http://127.0.0.1:9/s3ntinel-path";
  const call = publish(join(root, dashboardUrl), flags({ dashboardUrl, decision: dashboardUrl }));
  await expect(call).rejects.toThrow("there is no decision at ‹secret›");
  await expect(call).rejects.toMatchObject({ exit: "usage", code: "no-decision" });
});

test("Where a run cannot be believed the decision is told alone, which says why: a NO_GO must be seen.", async () => {
  const { url, asked } = await place([200]);
  const folder = await decided((one) =>
    one.set("reports/chaos_network_partition.json", "/series/0/reports/0/status", "unknown"),
  );
  const ended = await publish(folder, flags({ dashboardUrl: url }));
  expect(ended.exitCode).toBe(12);
  expect(ended.text).toMatch(
    /^PUBLISHED {2}to the dashboard\nThe decision was told without its runs: .*chaos_network_partition\.json: /,
  );
  expect(JSON.parse(asked[0]?.body ?? "")).toMatchObject({
    decision: { recommendation: "NO_GO", exit_code: 12 },
    runs: [],
    runs_untold: expect.stringContaining("chaos_network_partition.json") as unknown,
  });
});

test("What was measured goes to a collector as OTLP gauges: a point for each run that measured it, none for one that did not.", async () => {
  const { url, asked } = await place([200]);
  expect(await publish(await decided(), flags({ otlpUrl: url }))).toMatchObject({ exitCode: 0 });
  expect(asked[0]).toMatchObject({
    method: "POST",
    path: "/v1/metrics",
    headers: { "content-type": "application/json" },
  });
  interface Point {
    asDouble: number;
    timeUnixNano: string;
    attributes: { key: string; value: { stringValue: string } }[];
  }
  const { resourceMetrics } = JSON.parse(asked[0]?.body ?? "") as {
    resourceMetrics: {
      scopeMetrics: { metrics: { name: string; unit: string; gauge: { dataPoints: Point[] } }[] }[];
    }[];
  };
  const metrics = resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  const named = (name: string) => metrics.find((one) => one.name === name)?.gauge.dataPoints ?? [];
  expect(named("prism_chaos.run.passed").map(({ asDouble }) => asDouble)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(named("prism_chaos.p2p.connection").length).toBeLessThan(6);
  expect(named("prism_chaos.failover.time")[0]?.attributes.map(({ key }) => key)).toContain("prism_chaos.scenario");
  expect(named("prism_chaos.failover.time")[0]?.timeUnixNano).toMatch(/^\d{19}$/);
  expect(named("prism_chaos.gate.readiness")).toMatchObject([{ asDouble: 100 }]);
  expect(metrics.every(({ gauge }) => gauge.dataPoints.length > 0)).toBe(true);
});

test("A Pushgateway gets the same in base units, and PUT takes the place of what was there.", async () => {
  const { url, asked } = await place([200]);
  expect(await publish(await decided(), flags({ pushgatewayUrl: `${url}/` }))).toMatchObject({ exitCode: 0 });
  expect(asked[0]).toMatchObject({ method: "PUT", path: "/metrics/job/prism-chaos" });
  const body = asked[0]?.body ?? "";
  const seconds = Number(
    /^prism_chaos_failover_time_seconds\{scenario="leader-election-failure",variant="kill",repetition="1"\} (\S+)$/m.exec(
      body,
    )?.[1],
  );
  expect(seconds).toBeGreaterThan(0.01);
  expect(seconds).toBeLessThan(5);
  expect(body).toMatch(/^prism_chaos_gate_go 1$/m);
  expect(body).toMatch(/^prism_chaos_uptime_ratio\{/m);
  expect(body.endsWith("\n")).toBe(true);
});

test("Of two attempts at the same repetition a Pushgateway gets the worse, and of each measure its worse end.", async () => {
  const { url, asked } = await place([200]);
  const first = baseReport();
  const measurements = first.measurements.map((one) =>
    one.kind === "measured" && one.measure === "uptime.ratio" ? { ...one, low: 0.25, high: 0.75 } : one,
  );
  const worse = { ...first, run: { ...first.run, id: "run-a1" }, status: "fail", measurements } as const;
  const content = { decision: null, reports: [first, worse, { ...first, run: { ...first.run, id: "run-a2" } }] };
  const { body } = await pushgatewayMessage({ url, token: null }, content);
  expect(body).toMatch(/^prism_chaos_run_passed\{.*\} 0$/m);
  expect(body).toMatch(/^prism_chaos_uptime_ratio\{.*\} 0\.25$/m);
  expect(otlpMessage({ url, token: null, version: "1" }, content).body).toMatch(/"asDouble":0\.25,/);
  expect(asked).toEqual([]);
});

test("What an address has behind a question mark stays there, and a name and password in it are sent as such.", async () => {
  const { url, asked } = await place([200], () => "[]");
  const told = `${url.replace("//", "//s3ntinel-name:s3ntinel%2Bword@")}/base/?key=s3ntinel-query`;
  const folder = await decided();
  const ended = await publish(folder, flags({ otlpUrl: told, pushgatewayUrl: told, grafanaUrl: told }));
  expect(ended.exitCode).toBe(0);
  expect(asked.slice(0, 4).map(({ method, path }) => `${method} ${path.replace(/&limit.*/, "&…")}`)).toEqual([
    "POST /base/v1/metrics?key=s3ntinel-query",
    "PUT /base/metrics/job/prism-chaos?key=s3ntinel-query",
    "GET /base/api/annotations?key=s3ntinel-query&…",
    "POST /base/api/annotations?key=s3ntinel-query",
  ]);
  const sent = Buffer.from("s3ntinel-name:s3ntinel+word").toString("base64");
  expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(new Set([`Basic ${sent}`]));
  const refused = await place([401], ({ headers }) => `no ${headers.authorization ?? ""} s3ntinel+word`);
  const hostile = refused.url.replace("//", "//s3ntinel-name:s3ntinel%2Bword@");
  const no = await publish(folder, flags({ dashboardUrl: hostile }));
  expect(no.text).toContain("It says: no Basic ‹secret›");
  expect(JSON.stringify([no.text, no.json])).not.toContain("s3ntinel");
});

test("A place that answers Grafana's question with something else is not told to be one.", async () => {
  const { url, asked } = await place([200], () => "<html>Sign in</html>");
  const ended = await publish(await decided(), flags({ grafanaUrl: url }));
  expect([ended.exitCode, asked.length]).toEqual([69, 1]);
  expect(ended.text).toMatch(/^NOT PUBLISHED {2}to Grafana: it does not answer as Grafana does, 1 attempt\./);
});

test.each<readonly [string, (response: ServerResponse) => void]>([
  ["never answers", () => undefined],
  ["never comes to the end of its answer", (response) => void response.writeHead(200).write("x")],
])("A place that %s is left when the time is over, not later.", async (_what, answer) => {
  const url = await raw(answer);
  const startedMs = performance.now();
  const ended = await publish(await decided(), flags({ dashboardUrl: url, timeout: "700ms" }));
  expect(performance.now() - startedMs).toBeLessThan(5000);
  expect(ended.exitCode).toBe(69);
  expect(ended.text).toMatch(/no answer: it was not whole within \d+ ms, 1 attempt/);
});

test("Of an answer without an end only the beginning is read.", async () => {
  let sentBytes = 0;
  const url = await raw((response) => {
    response.writeHead(400);
    const more = (): void => {
      const chunk = "x".repeat(65_536);
      while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
    };
    response.on("drain", more);
    more();
  });
  const ended = await publish(await decided(), flags({ dashboardUrl: url }));
  expect([ended.exitCode, ended.text.slice(0, 60)]).toEqual([69, expect.stringContaining("it answers 400, 1 attempt")]);
  expect(sentBytes).toBeLessThan(50_000_000);
});

test("Grafana gets each fault's window once, however often it is published.", async () => {
  const kept: { tags: string[]; time: number; timeEnd: number }[] = [];
  const { url, asked } = await place([200], ({ method, path, body }) => {
    if (method === "POST") kept.push(JSON.parse(body) as (typeof kept)[number]);
    const tags = new URL(path, "http://x").searchParams.getAll("tags");
    return method === "GET" ? JSON.stringify(kept.filter((one) => tags.every((tag) => one.tags.includes(tag)))) : "{}";
  });
  const folder = await decided();
  expect((await publish(folder, flags({ grafanaUrl: url }))).text).toBe("PUBLISHED  to Grafana: 6 messages");
  expect(kept).toHaveLength(6);
  for (const { time, timeEnd } of kept) expect(timeEnd).toBeGreaterThan(time);
  expect((await publish(folder, flags({ grafanaUrl: url }))).text).toBe("Everything is there already.");
  expect([kept.length, asked.filter(({ method }) => method === "POST").length]).toEqual([6, 6]);
});

test("No place, no URL, no decision, a decision that is none and a folder without anything are refused.", async () => {
  const folder = await decided();
  await expect(publish(folder, flags({}))).rejects.toThrow(/say where to publish to/);
  await expect(publish(folder, flags({ dashboardUrl: "s3ntinel" }))).rejects.toThrow(/^--dashboard-url is no URL/);
  await expect(publish(folder, flags({ dashboardUrl: "http://x", timeout: "soon" }))).rejects.toThrow(/--timeout/);
  await expect(publish(folder, flags({ dashboardUrl: "http://x", timeout: "0s" }))).rejects.toThrow(/--timeout/);
  await expect(publish(join(root, "none"), flags({ dashboardUrl: "http://x" }))).rejects.toThrow(
    /there is no decision at/,
  );
  await expect(publish(join(root, "none"), flags({ otlpUrl: "http://x" }))).rejects.toMatchObject({ exit: "usage" });
  writeFileSync(join(folder, "decision.json"), '{"recommendation":"GO"}');
  await expect(publish(folder, flags({ dashboardUrl: "http://x" }))).rejects.toMatchObject({ exit: "unusable" });
});

test("Ctrl-C leaves a place that does not answer, and speaks of nothing that was healed.", async () => {
  await using work = new Workplace();
  const asked = Promise.withResolvers<void>();
  const url = await raw(() => asked.resolve());
  const call = work.start("publish", await decided(), "--dashboard-url", url, "--timeout", "10m");
  await asked.promise;
  call.kill("SIGINT");
  const { exitCode, stderr } = await call.ended;
  expect([exitCode, stderr.split("\n")]).toEqual([
    130,
    [
      "SIGINT: stopping; what was not taken yet is not published.",
      "Error: interrupted",
      "  next: run the command again: what was taken already is not there twice",
      "  exit 130 (interrupted)",
      "",
    ],
  ]);
});

test("Who breaks it off does not wait for a place that is away.", async () => {
  const stop = new AbortController();
  const folder = await decided();
  const ended = publish(folder, flags({ dashboardUrl: "http://127.0.0.1:9", timeout: "10m", signal: stop.signal }));
  stop.abort(new Error("stopped"));
  await expect(ended).rejects.toThrow("stopped");
});
