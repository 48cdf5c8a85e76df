import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { publish, type PublishFlags } from "../../src/harness-publish.ts";
import { decideFolder } from "../support/decide-folder.ts";
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
  await expect(publish(join(root, "none"), flags({ dashboardUrl: "http://x" }))).rejects.toThrow(
    /there is no decision at/,
  );
  await expect(publish(join(root, "none"), flags({ otlpUrl: "http://x" }))).rejects.toMatchObject({ exit: "usage" });
  writeFileSync(join(folder, "decision.json"), '{"recommendation":"GO"}');
  await expect(publish(folder, flags({ dashboardUrl: "http://x" }))).rejects.toMatchObject({ exit: "unusable" });
});

test("Who breaks it off does not wait for a place that is away.", async () => {
  const stop = new AbortController();
  const folder = await decided();
  const ended = publish(folder, flags({ dashboardUrl: "http://127.0.0.1:9", timeout: "10m", signal: stop.signal }));
  stop.abort(new Error("stopped"));
  await expect(ended).rejects.toThrow("stopped");
});
