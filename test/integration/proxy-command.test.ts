import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { Workplace } from "../support/command-line.ts";

test("`proxy` prints the URL of its API alone on standard output, serves its config, and ends with 0.", async () => {
  await using place = new Workplace();
  const config = join(place.folder, "proxies.json");
  writeFileSync(config, JSON.stringify([{ name: "db", listen: "127.0.0.1:0", upstream: "127.0.0.1:9" }]));
  const call = place.start("proxy", "--port", "0", "--config", config, "--proxy-metrics");
  const url = await eventually(() => /^(http:\S+)\n$/.exec(call.said())?.[1] ?? null, {
    limitMs: 20_000,
    what: "the URL",
  });
  await eventually(() => call.told() !== "", { limitMs: 5000, what: "the hint" });
  expect(call.told()).toBe("Toxiproxy's API, version 2.12.0. Ctrl-C ends it.\n");
  expect(await (await fetch(`${url}/proxies`)).json()).toMatchObject({ db: { enabled: true } });
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  call.kill("SIGTERM");
  const ended = await call.ended;
  expect(ended.exitCode).toBe(0);
  expect(ended.stderr).toMatch(/\nSIGTERM: closing every port and every connection through them\.\n$/);
});

test.each([
  ["[{", /is no list of proxies: bad request body: /],
  ['{"name":"x"}', /is no list of proxies: bad request body: json: cannot unmarshal object into Go value of type/],
  ['[{"name":"a","upstream":"b:1"},{"name":"c"}]', /missing required field: upstream at proxy 2/],
])("A config of %s is refused with 64.", async (text, message) => {
  await using place = new Workplace();
  const config = join(place.folder, "proxies.json");
  writeFileSync(config, text);
  const { exitCode, stderr, stdout } = await place.start("proxy", "--port", "0", "--config", config).ended;
  expect([exitCode, stdout]).toEqual([64, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).toContain(config);
});

test("A config that is not there is 64, a port that is taken 69, for the API and for a proxy.", async () => {
  await using place = new Workplace();
  const missing = await place.start("proxy", "--port", "0", "--config", join(place.folder, "no.json")).ended;
  expect([missing.exitCode, missing.stderr]).toEqual([64, expect.stringContaining("no.json")]);
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const api = await place.start("proxy", "--port", String(port)).ended;
  expect([api.exitCode, api.stderr]).toEqual([69, expect.stringContaining("something listens there already")]);
  const config = join(place.folder, "proxies.json");
  writeFileSync(config, JSON.stringify([{ name: "db", listen: `127.0.0.1:${port}`, upstream: "127.0.0.1:9" }]));
  const proxy = await place.start("proxy", "--port", "0", "--config", config).ended;
  expect([proxy.exitCode, proxy.stderr]).toEqual([69, expect.stringContaining("proxy db was not opened")]);
  taken.close();
});
