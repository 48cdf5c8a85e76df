import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Call, onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess, everyProcessOf, keeperOf, processesOf } from "../support/processes.ts";
import { type RealToxiproxy, serveToxiproxy, withServer } from "../support/real-toxiproxy.ts";
import type { RunFolder } from "../support/run-folder.ts";

// Whole runs on the real server: by its program, by its URL, and what is refused before anything starts.

const others = ["of-somebody"];
const cut = ["leader-loss", "--variant", "cut", "--nodes", "3"] as const;

let server: RealToxiproxy;
beforeAll(async () => {
  server = await serveToxiproxy();
  await server.ask("POST", "/proxies", { name: "of-somebody", listen: "127.0.0.1:0", upstream: "127.0.0.1:1" });
});
afterAll(() => server[Symbol.asyncDispose]());

function start(place: Workplace, environment: Readonly<Record<string, string>>, ...words: readonly string[]): Call {
  return place.startIn({ environment }, "run", ...words, "--out", place.out, "--json");
}

test("A scenario runs on a real server that is started for it, and nothing of it is left.", async () => {
  await using place = new Workplace();
  const ended = await start(place, withServer, ...cut, "--proxy", "toxiproxy").ended;
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(ended.stderr).toContain("links: a real Toxiproxy, started for the run (toxiproxy-server)");
  const [folder] = place.runs();
  const report = folder?.report();
  expect(report).toMatchObject({ status: "pass", run: { proxy: { kind: "toxiproxy", by: "binary" } } });
  expect(report?.run.reproduce).toContain("--proxy toxiproxy");
  expect(everyProcessOf(folder?.run ?? "")).toEqual([]);
});

test("By URL it runs on a server of others, of whose proxies none is touched.", async () => {
  await using place = new Workplace();
  const ended = await start(place, {}, ...cut, "--proxy", server.url).ended;
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(onlyJson(ended)).toMatchObject({ notes: [`a real Toxiproxy at ${server.url}, version 2.12.0`] });
  const { reproduce, proxy } = place.runs()[0]?.report().run ?? {};
  expect(reproduce).toContain(`--proxy ${server.url}`);
  expect(proxy).toEqual({ kind: "toxiproxy", by: "url" });
  expect(await server.proxies()).toEqual(others);
});

test("Of itself it takes the server that the environment names where that can do all, and says so; else the built-in one, and why.", async () => {
  await using place = new Workplace();
  const environment = { TOXIPROXY_URL: server.url };
  const plan = async (...words: readonly string[]): Promise<string> => {
    const planned = await place.callIn({ environment }, "plan", ...words);
    expect(planned.exitCode).toBe(0);
    return planned.stdout;
  };
  expect(await plan(...cut)).toMatch(/proxy +a real Toxiproxy at .*, version 2\.12\.0 \(TOXIPROXY_URL\)/);
  expect(await plan("data-corruption", "--variant", "wire")).toMatch(
    /proxy +the built-in proxy; TOXIPROXY_URL was passed over: a real Toxiproxy lacks link\.corrupt/,
  );
  const silent = await place.callIn({ environment: { TOXIPROXY_URL: "http://127.0.0.1:1" } }, "plan", ...cut);
  expect(silent.exitCode).toBe(0);
  expect(silent.stdout).toMatch(/TOXIPROXY_URL was passed over: .*cannot be used: .*ECONNREFUSED/);
  const wrong = await place.callIn({ environment: { TOXIPROXY_URL: "localhost:8474" } }, "plan", ...cut);
  expect(wrong.exitCode).toBe(64);
});

test("A plan that needs what a real server lacks is refused before anything starts, with who has it: exit 69.", async () => {
  await using place = new Workplace();
  for (const proxy of ["toxiproxy", server.url]) {
    const planned = await place.callIn(
      { environment: withServer },
      "plan",
      "data-corruption",
      "--variant",
      "wire",
      "--proxy",
      proxy,
    );
    expect(planned.exitCode).toBe(69);
    expect(planned.stdout).toMatch(/NO PROXY +a real Toxiproxy lacks link\.corrupt \(.*\); --proxy builtin has it/);
  }
  const run = await start(place, withServer, "data-corruption", "--variant", "wire", "--proxy", "toxiproxy").ended;
  expect(run.exitCode).toBe(69);
  expect(onlyJson(run)).toMatchObject({
    error: { code: "proxy-lacks", message: expect.stringContaining("link.corrupt"), next: "--proxy builtin has it" },
  });
  expect(place.runs()).toEqual([]);
});

/** A scenario of one variant with these steps. */
function scenarioText(name: string, steps: readonly string[]): string {
  return [
    `name: ${name}`,
    "title: A try",
    "class: network_partition",
    "profiles: { quick: { nodes: 3 }, full: { nodes: 3 } }",
    "steadyState: { probes: [healthy, one-leader] }",
    "expect: [writes.lost == 0]",
    "limits: { nodes: 100% }",
    "variants:",
    "  v:",
    "    title: A try",
    "    timeline:",
    ...steps.map((step) => `      - ${step}`),
    "",
  ].join("\n");
}

test("A stall beside another fault on the same link, and a jitter that follows no seed, are told at plan.", async () => {
  await using place = new Workplace();
  const file = (name: string, ...steps: readonly string[]): string => {
    const path = join(place.folder, `${name}.yaml`);
    writeFileSync(path, scenarioText(name, steps));
    return path;
  };
  const slow = "{ inject: latency, on: everyone, with: { delay: 20ms, jitter: 5ms } }";
  const both = file("both", slow, "{ inject: isolate, on: leader, for: 2s }");
  const refused = await place.callIn({ environment: withServer }, "plan", both, "--proxy", "toxiproxy");
  expect(refused.stdout).toMatch(
    /needs a stall to be alone on its link \(latency and isolate on n\d>n\d at the same time\)/,
  );
  expect(refused.exitCode).toBe(69);
  const apart = file("apart", slow, "{ heal: latency }", "{ inject: isolate, on: leader, for: 2s }");
  const planned = await place.callIn({ environment: withServer }, "plan", apart, "--proxy", "toxiproxy");
  expect(planned.stdout).toMatch(/proxy +a real Toxiproxy.*; its jitter follows no seed/);
  expect(planned.exitCode).toBe(0);
  expect((await place.call("plan", both)).exitCode).toBe(0);
});

test("A server that does not answer, and one that is too old, are refused with what to do: exit 69.", async () => {
  await using place = new Workplace();
  const silent = await place.call("plan", ...cut, "--proxy", "http://127.0.0.1:1");
  expect(silent.exitCode).toBe(69);
  expect(silent.stdout).toMatch(/NO PROXY +the proxy at http:\/\/127\.0\.0\.1:1 cannot be used: .*; start it/);
  const old = createServer((asked, answer) => {
    answer.writeHead(asked.url === "/version" ? 200 : 404).end("2.0.0");
  });
  old.listen(0, "127.0.0.1");
  await once(old, "listening");
  const address = old.address();
  const port = typeof address === "object" ? address?.port : 0;
  const refused = await place.call("plan", ...cut, "--proxy", `http://127.0.0.1:${port}`);
  old.close();
  old.closeAllConnections();
  expect(refused.exitCode).toBe(69);
  expect(refused.stdout).toMatch(/it says version 2\.0\.0; needed is 2\.1\.0 or later/);
});

test("What is neither a word nor a URL is refused with what was meant: exit 64.", async () => {
  await using place = new Workplace();
  const near = await place.call("plan", ...cut, "--proxy", "toxyproxy");
  expect(near.exitCode).toBe(64);
  expect(near.stderr).toContain('--proxy is "toxyproxy"');
  expect(near.stderr).toContain("did you mean toxiproxy?");
  const file = join(place.folder, "prism-chaos.config.yaml");
  writeFileSync(file, "proxy: built-in\n");
  const ofFile = await place.callIn({ cwd: place.folder }, "plan", ...cut);
  expect(ofFile.exitCode).toBe(64);
  expect(ofFile.stderr).toContain("did you mean builtin?");
});

/** A run in whose fault runner and keeper are killed. */
async function killedInFault(
  place: Workplace,
  environment: Readonly<Record<string, string>>,
  proxy: string,
): Promise<RunFolder> {
  const call = start(place, environment, ...cut, "--proxy", proxy);
  const folder = await place.firstRun();
  await eventually(() => folder.says("undo.ndjson", '"entry":"injected"'), {
    limitMs: 60_000,
    what: "a fault in force",
  });
  endProcess(keeperOf(folder.run) ?? 0);
  call.kill("SIGKILL");
  await call.ended;
  return folder;
}

test("Runner and keeper are killed: heal ends the server that was started for the run.", async () => {
  await using place = new Workplace();
  const folder = await killedInFault(place, withServer, "toxiproxy");
  expect(processesOf(folder.run)).toHaveLength(4);
  const healed = await place.call("heal", folder.run, "--json");
  expect(healed.exitCode).toBe(0);
  expect(onlyJson(healed)).toMatchObject({ clean: true, healed: [{ processes: 4, residue: [] }] });
  expect(everyProcessOf(folder.run)).toEqual([]);
});

test("Runner and keeper are killed: heal takes the run's proxies from a server of others, and only those.", async () => {
  await using place = new Workplace();
  const folder = await killedInFault(place, {}, server.url);
  expect((await server.proxies()).filter((name) => name.startsWith(`${folder.run}.`))).toHaveLength(6);
  const healed = await place.call("heal", folder.run, "--json");
  expect(healed.exitCode).toBe(0);
  expect(onlyJson(healed)).toMatchObject({ clean: true, healed: [{ residue: [] }] });
  expect(await server.proxies()).toEqual(others);
});

test("A server that was started for the run and ends by itself breaks it off: exit 69, and the system is not blamed.", async () => {
  await using place = new Workplace();
  const call = start(place, withServer, ...cut, "--proxy", "toxiproxy");
  const folder = await place.firstRun();
  await eventually(() => folder.says("history.ndjson", '"phase":"warm-up"'), { limitMs: 60_000, what: "the warm-up" });
  const proxy = folder.journal().find((entry) => entry.entry === "spawned" && entry.what === "proxy");
  if (proxy?.entry !== "spawned") throw new Error("the journal names the proxy");
  endProcess(proxy.process.pid);
  const ended = await call.ended;
  expect(ended.exitCode).toBe(69);
  expect(onlyJson(ended)).toMatchObject({ runs: [{ brokenOff: expect.stringContaining("the proxy of the links") }] });
  expect(everyProcessOf(folder.run)).toEqual([]);
});

test("A playground stands on a real server too, and is refused by hand what that lacks.", async () => {
  await using place = new Workplace();
  const call = (...words: readonly string[]): ReturnType<Workplace["call"]> =>
    place.callIn({ environment: withServer }, ...words);
  const up = await call("up", "--nodes", "3", "--proxy", "toxiproxy", "--json");
  expect(up.exitCode).toBe(0);
  const { id } = onlyJson(up) as { readonly id: string };
  try {
    const reset = await call("inject", "reset", "--on", "n1");
    expect(reset.exitCode).not.toBe(0);
    expect(reset.stderr).toContain("a real Toxiproxy lacks link.reset");
    expect((await call("inject", "isolate", "--on", "n1")).exitCode).toBe(0);
  } finally {
    expect((await call("down")).exitCode).toBe(0);
  }
  expect(everyProcessOf(id)).toEqual([]);
});
