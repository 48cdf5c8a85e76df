import { afterAll, beforeAll, expect, test } from "vitest";
import { action, linkName } from "../../src/core/action.ts";
import { openHttp } from "../../src/drivers/http.ts";
import { ToxiproxyLinks } from "../../src/drivers/toxiproxy-links.ts";
import { onlyJson, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { type OwnDockerd, startDockerd } from "../support/own-dockerd.ts";
import { endProcess, everyProcessOf, keeperOf } from "../support/processes.ts";
import { withoutServer } from "../support/real-toxiproxy.ts";
import { dial, startReceiver } from "../support/receiver.ts";

const { signal } = new AbortController();
const scenario = ["run", "leader-loss", "--variant", "cut", "--nodes", "3", "--proxy", "toxiproxy", "--json"] as const;

let dockerd: OwnDockerd;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  dockerd = await startDockerd();
  environment = { ...withoutServer, ...dockerd.environment };
});
afterAll(() => dockerd[Symbol.asyncDispose]());

const containers = (): Promise<string> => dockerd.docker("ps", "--all", "--format", "{{.Names}}");

test("Without the program in the PATH a scenario runs on a container, which is gone afterwards.", async () => {
  await using place = new Workplace();
  const call = place.startIn({ environment }, ...scenario, "--out", place.out);
  const folder = await place.firstRun();
  const name = await eventually(async () => (await containers()) || null, { limitMs: 30_000, what: "a container" });
  expect(name).toBe(`prism-chaos-${folder.run}`);
  expect(await dockerd.docker("inspect", "--format", '{{index .Config.Labels "prism-chaos.run"}}', name)).toBe(
    folder.run,
  );
  const ended = await call.ended;
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(onlyJson(ended)).toMatchObject({ notes: ["a real Toxiproxy, started for the run in a container"] });
  expect(folder.report()).toMatchObject({ status: "pass", run: { proxy: { kind: "toxiproxy", by: "container" } } });
  expect(folder.journal().map(({ entry }) => entry)).toContain("contained");
  expect(await containers()).toBe("");
  expect(everyProcessOf(folder.run)).toEqual([]);
});

test("Runner and keeper are killed in a fault: heal ends the container too, and removes it.", async () => {
  await using place = new Workplace();
  const call = place.startIn({ environment }, ...scenario, "--out", place.out);
  const folder = await place.firstRun();
  await eventually(() => folder.says("undo.ndjson", '"entry":"injected"'), {
    limitMs: 60_000,
    what: "a fault in force",
  });
  endProcess(keeperOf(folder.run) ?? 0);
  call.kill("SIGKILL");
  await call.ended;
  expect(await containers()).toBe(`prism-chaos-${folder.run}`);
  const healed = await place.callIn({ environment }, "heal", folder.run, "--json");
  expect(healed.exitCode).toBe(0);
  expect(onlyJson(healed)).toMatchObject({ clean: true, healed: [{ run: folder.run, residue: [] }] });
  expect(await containers()).toBe("");
  expect(everyProcessOf(folder.run)).toEqual([]);
});

test("Where neither the program nor a container runtime is there, the plan says how to get one: exit 69.", async () => {
  await using place = new Workplace();
  const nowhere = { ...withoutServer, DOCKER_HOST: "unix:///nowhere/docker.sock" };
  const planned = await place.callIn(
    { environment: nowhere },
    "plan",
    "leader-loss",
    "--variant",
    "cut",
    "--proxy",
    "toxiproxy",
  );
  expect(planned.exitCode).toBe(69);
  expect(planned.stdout).toMatch(/NO PROXY +no real Toxiproxy can be started here: .*get toxiproxy-server.*or Docker/);
});

test("In a container with mapped ports the driver is told both sides of each: nodes dial one, the server listens on the other.", async () => {
  const network = "mapped";
  await dockerd.docker("network", "create", network);
  const http = openHttp();
  // The server reaches this machine by the bridge, and not by loopback.
  await using receiver = await startReceiver("0.0.0.0");
  try {
    const ports = [8474, 8666, 8667].flatMap((port) => ["--publish", `127.0.0.1::${port}`]);
    const image = "ghcr.io/shopify/toxiproxy:2.12.0";
    await dockerd.docker("run", "--detach", "--name", network, "--network", network, ...ports, image, "-host=0.0.0.0");
    const hostPort = async (port: number): Promise<number> =>
      Number((await dockerd.docker("port", network, `${port}/tcp`)).split(":").at(-1));
    const gateway = await dockerd.docker(
      "network",
      "inspect",
      network,
      "--format",
      "{{(index .IPAM.Config 0).Gateway}}",
    );
    const url = `http://127.0.0.1:${await hostPort(8474)}`;
    const mapped = [
      { listen: 8666, reach: await hostPort(8666) },
      { listen: 8667, reach: await hostPort(8667) },
    ];
    const place = { listenHost: "0.0.0.0", reachHost: "127.0.0.1", mapped };
    const links = new ToxiproxyLinks({ url, run: "mapped", send: http.send, place });
    const isUp = (): Promise<boolean> =>
      links.capture([], signal).then(
        () => true,
        () => false,
      );
    await eventually(isUp, { limitMs: 20_000, what: "an answer of the container" });
    const [one, other, third] = ["n2", "n3", "n4"].map((to) => ({
      link: { from: "n1", to },
      port: 0,
      upstream: `${gateway}:${receiver.port}`,
    }));
    if (one === undefined || other === undefined || third === undefined) throw new Error("there are three");
    const reach = await links.populate([one, other], signal);
    expect([...reach.values()]).toEqual(mapped.map((pair) => `127.0.0.1:${pair.reach}`));
    const { socket } = await dial(reach.get(linkName(one.link)) ?? "");
    socket.write("through");
    await receiver.came(7, 5000);
    const subject = { kind: "link", link: one.link } as const;
    const cut = action({ fault: "f", capability: "link.refuse", subject, params: {}, undo: "remove" });
    await links.apply([cut], signal);
    expect(await links.read([cut], signal)).toEqual(["in-force"]);
    await links.remove([cut], signal);
    // A run places its proxies on loopback, which in there is another one: nothing answers, and that is told.
    await using workplace = new Workplace();
    const ended = await workplace.startRun("leader-loss", "--variant", "cut", "--nodes", "3", "--proxy", url).ended;
    expect(ended.exitCode).toBe(69);
    expect(onlyJson(ended)).toMatchObject({ runs: [{ brokenOff: expect.stringContaining("nothing answers there") }] });
    expect(workplace.openRuns()).toEqual([]);
    const body: unknown = await fetch(`${url}/proxies`).then((answer) => answer.json());
    expect(Object.keys(body as object)).toEqual(["mapped.n1.n2", "mapped.n1.n3"]);
    await expect(links.populate([one, other, third], signal)).rejects.toMatchObject({
      code: "too-few-ports",
      exitCode: 69,
    });
    socket.destroy();
  } finally {
    await http.close();
    await dockerd.docker("rm", "--force", network).catch(() => "");
    await dockerd.docker("network", "rm", network);
  }
});
