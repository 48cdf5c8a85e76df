import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/core/report.ts";
import { type Call, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { baseReport } from "../support/good-reports.ts";
import { resealed } from "../support/report-folder.ts";

const place = new Workplace();
let call: Call;
let url = "";

/** A run's folder as `run` leaves it, of this report; null: it was killed. */
function stored(id: string, report: Report | null, page = "<!doctype html><title>a run</title>"): void {
  const folder = join(place.out, id);
  mkdirSync(folder, { recursive: true });
  const base = report ?? baseReport();
  writeFileSync(join(folder, "plan.json"), JSON.stringify(base.plan));
  writeFileSync(
    join(folder, "run.json"),
    JSON.stringify({
      version: 1,
      state: report === null ? "running" : "judged",
      status: "unknown",
      run: { ...base.run, id },
      notes: [],
    }),
  );
  if (report !== null) writeFileSync(join(folder, "report.json"), JSON.stringify(report));
  writeFileSync(join(folder, "report.html"), page);
  writeFileSync(join(folder, "secret.txt"), "not to be seen");
}

const named = (id: string, part: Partial<Report["run"]> = {}): Report => {
  const base = baseReport();
  return resealed({ ...base, run: { ...base.run, id, ...part } });
};

beforeAll(async () => {
  stored("first", named("first", { startedAt: "2026-01-01T00:00:00.000Z", series: "one" }));
  stored("second", named("second", { startedAt: "2026-01-02T00:00:00.000Z", series: "two" }));
  stored("killed", null);
  stored("altered", { ...named("altered"), status: "fail" });
  call = place.start("serve", place.out, "--port", "0");
  url = await eventually(() => /^(http:\S+)\n$/.exec(call.said())?.[1] ?? null, { limitMs: 20_000, what: "the URL" });
});
afterAll(() => place[Symbol.asyncDispose]());

const got = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(new URL(path, url));
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

/** Asks as it stands, with another Host, method or a path that a client would tidy. */
function asked(
  path: string,
  { host, method = "GET" }: { readonly host?: string; readonly method?: string } = {},
): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: host === undefined ? {} : { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

test("The list has every run, newest first, also one that was killed and one that cannot be believed.", async () => {
  const { status, text, headers } = await got("/");
  expect(status).toBe(200);
  expect(text).toContain("4 runs, newest first.");
  expect(text.indexOf(">second<")).toBeLessThan(text.indexOf(">first<"));
  expect(text.match(/NOT JUDGED/g)).toHaveLength(2);
  expect(text).toMatch(/not as it was sealed/);
  expect(text).not.toContain("<script");
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'/);
});

test.each<readonly [string, readonly string[]]>([
  ["status=unjudged", ["killed", "altered"]],
  ["status=pass&text=fir", ["first"]],
  ["text=two", ["second"]],
  ["scenario=leader-loss&variant=kill&status=pass", ["second", "first"]],
  ["variant=none", []],
])("Narrowed by %s it has those alone.", async (query, ids) => {
  const { text } = await got(`/?${query}`);
  const found = [...text.matchAll(/<span class="dim">([a-z]+)<\/span>/g)].map(([, id]) => id);
  expect(new Set(found)).toEqual(new Set(ids));
  expect(text).toContain(`${ids.length} of 4 runs`);
});

test("A run's page and files are served, and nothing else of its folder or beyond it.", async () => {
  expect(await got("/runs/first/report.html")).toMatchObject({
    status: 200,
    text: "<!doctype html><title>a run</title>",
  });
  expect((await got("/runs/first/report.json")).headers.get("content-type")).toBe("application/json");
  for (const path of [
    "/runs/first/secret.txt",
    "/runs/first/",
    "/runs/nobody/report.html",
    "/x",
    "/runs/first/report.html/y",
  ]) {
    expect((await got(path)).status).toBe(404);
  }
  for (const path of [
    "/runs/../../etc/passwd",
    "/runs/first/..%2f..%2fx",
    "/runs/%2e%2e/report.json",
    "/runs/first/%00",
    "/%zz",
  ]) {
    expect([400, 404]).toContain(await asked(path));
  }
});

test("Two runs stand side by side, with what their series show.", async () => {
  const { status, text } = await got("/compare?base=first&head=second");
  expect(status).toBe(200);
  expect(text).toContain("Base first, head second.");
  expect(text).toMatch(/failover\.time<\/th><td>\d+/);
  expect(text).toContain("TOO FEW");
  for (const query of ["base=first", "base=first&head=killed", "base=altered&head=first", ""]) {
    const refused = await got(`/compare?${query}`);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([400, "text/html; charset=utf-8"]);
    expect(refused.text).toContain("Choose one run as base and another as head");
    expect(refused.text).toContain('<a href="/">All runs</a>');
  }
  const itself = (await got("/compare?base=first&head=first")).text;
  expect(itself).toContain("One run, beside itself");
  expect(itself).toContain("SAME RUNS");
});

test("Another name that leads here is not answered, and nothing is taken.", async () => {
  expect(await asked("/", { host: "evil.example" })).toBe(403);
  for (const host of ["localhost:1", "192.0.2.7:8475", "[2001:db8::1]:8475"])
    expect(await asked("/", { host })).toBe(200);
  expect(await asked("/", { method: "POST" })).toBe(405);
  expect(await asked("/", { method: "HEAD" })).toBe(200);
});

test("A run that is added is there at the next look, and markup of others is text.", async () => {
  const hostile = `x<b>${String.fromCharCode(27)}"`;
  stored("third", named("third", { commit: hostile, series: hostile, startedAt: "2026-01-03T00:00:00.000Z" }));
  const { text } = await got(`/?text=${encodeURIComponent("x<b>")}`);
  expect(text).toContain("1 of 5 runs");
  expect(text).not.toContain("x<b>");
});

test("A link is not followed and a pipe not opened: what a run's folder leads to is not served, and nothing waits for it.", async () => {
  stored("linked", named("linked", { startedAt: "2026-01-04T00:00:00.000Z" }));
  const outside = join(place.folder, "outside.html");
  writeFileSync(outside, "not to be seen");
  rmSync(join(place.out, "linked", "report.html"));
  symlinkSync(outside, join(place.out, "linked", "report.html"));
  execFileSync("mkfifo", [join(place.out, "linked", "keeper.log")]);
  mkdirSync(join(place.out, "piped"));
  for (const name of ["run.json", "plan.json"]) execFileSync("mkfifo", [join(place.out, "piped", name)]);
  for (const file of ["report.html", "keeper.log"]) expect((await got(`/runs/linked/${file}`)).status).toBe(404);
  expect((await got("/runs/linked/report.json")).status).toBe(200);
  expect((await got("/")).text).toContain("7 runs, newest first.");
  rmSync(join(place.out, "linked"), { recursive: true });
  rmSync(join(place.out, "piped"), { recursive: true });
});

test("What could not be looked through is told.", async () => {
  const deep = join(place.out, "a", "b", "c", "d", "e", "f", "g");
  mkdirSync(deep, { recursive: true });
  expect((await got("/")).text).toContain("Not looked through: a/b/c/d/e/f/g: it lies more than 6 folders deep");
  rmSync(join(place.out, "a"), { recursive: true });
});

test("Ctrl-C ends it with 0; a folder that is not there is 64, a port that is taken 69.", async () => {
  expect((await place.call("serve", join(place.folder, "none"))).exitCode).toBe(64);
  const taken = await place.call("serve", place.out, "--port", new URL(url).port);
  expect([taken.exitCode, taken.stdout]).toEqual([69, ""]);
  call.kill("SIGINT");
  expect((await call.ended).exitCode).toBe(0);
});
