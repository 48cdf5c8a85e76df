import { connect } from "node:net";
import { once } from "node:events";
import { expect } from "vitest";
import { type Bench, freshName, portIn, proxyIn } from "./bench.ts";
import type { Point } from "./point.ts";
import { freePort } from "./server-process.ts";

/** What holds for proxies. */
export const proxyPoints: readonly Point[] = [
  {
    number: 7,
    title: "POST /proxies gives 201 and the whole proxy.",
    check: async (bench) => {
      const { address: upstream } = await bench.sink();
      const name = freshName();
      const reply = await bench.call("POST", "/proxies", { body: { name, listen: "127.0.0.1:0", upstream } });
      expect(reply).toMatchObject({ status: 201, type: "application/json" });
      const listen: unknown = expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/);
      const made = { name, listen, upstream, enabled: true, toxics: [] };
      expect(reply.json()).toEqual(bench.differently<object>({ toxiproxy: { ...made, Logger: {} }, "built-in": made }));
      expect(proxyIn(await bench.call("GET", `/proxies/${name}`))).toEqual(reply.json());
      expect((await bench.call("GET", "/proxies")).json()).toEqual({ [name]: reply.json() });
    },
  },
  {
    number: 8,
    title: "A body that is no JSON gives 400 with the reason.",
    check: async (bench) => {
      const said = async (body: string) => (await bench.call("POST", "/proxies", { body })).json();
      expect(await said("")).toEqual({ error: "bad request body: EOF", status: 400 });
      for (const body of ["{bad", '"text"', "[]", '{"name":5}', '{"enabled":"yes"}'])
        expect(await said(body)).toEqual({
          error: expect.stringMatching(/^bad request body: ./) as string,
          status: 400,
        });
    },
  },
  {
    number: 9,
    title: "A missing name or upstream gives 400; the name is looked at first.",
    check: async (bench) => {
      const said = async (body: object) => (await bench.call("POST", "/proxies", { body })).json();
      const missing = (field: string) => ({ error: `missing required field: ${field}`, status: 400 });
      expect(await said({})).toEqual(missing("name"));
      expect(await said({ upstream: "127.0.0.1:9" })).toEqual(missing("name"));
      expect(await said({ name: "x" })).toEqual(missing("upstream"));
    },
  },
  {
    number: 10,
    title: "A name that is taken gives 409.",
    check: async (bench) => {
      const { name } = await bench.proxy();
      const body = { name, listen: "127.0.0.1:0", upstream: "127.0.0.1:9" };
      expect((await bench.call("POST", "/proxies", { body })).json()).toEqual({
        error: "proxy already exists",
        status: 409,
      });
    },
  },
  {
    number: 11,
    title: "A port that is taken gives 500, and the name stays free.",
    check: async (bench) => {
      const { address } = await bench.sink();
      const body = { name: freshName(), listen: address, upstream: "127.0.0.1:9" };
      const refused = await bench.expectStatus(500, "POST", "/proxies", body);
      expect(refused.json()).toEqual({ error: `listen tcp ${address}: bind: address already in use`, status: 500 });
      await bench.expectStatus(404, "GET", `/proxies/${body.name}`);
      await bench.expectStatus(201, "POST", "/proxies", { ...body, listen: "127.0.0.1:0" });
    },
  },
  {
    number: 12,
    title: "A listen without a port gives 500.",
    check: async (bench) => {
      const body = { name: freshName(), listen: "1234", upstream: "127.0.0.1:9" };
      expect((await bench.call("POST", "/proxies", { body })).json()).toEqual({
        error: "listen tcp: address 1234: missing port in address",
        status: 500,
      });
    },
  },
  {
    number: 13,
    title: "A proxy created disabled listens nowhere, and shows its listen as it was sent.",
    check: async (bench) => {
      const port = await freePort();
      const body = { name: freshName(), listen: `localhost:${port}`, upstream: "127.0.0.1:9", enabled: false };
      const made = await bench.expectStatus(201, "POST", "/proxies", body);
      expect(made.json()).toMatchObject({ listen: `localhost:${port}`, enabled: false });
      expect(await isRefused(bench, port)).toBe(true);
      const odd = { ...body, name: freshName(), listen: "no address" };
      expect((await bench.expectStatus(201, "POST", "/proxies", odd)).json()).toMatchObject({ listen: "no address" });
    },
  },
  {
    number: 14,
    title: "Listening on localhost:0 shows 127.0.0.1 with the real port.",
    check: async (bench) => {
      const { address: upstream } = await bench.sink();
      const body = { name: freshName(), listen: "localhost:0", upstream };
      const { listen } = proxyIn(await bench.expectStatus(201, "POST", "/proxies", body));
      expect(listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
      await bench.dial(portIn(listen));
    },
  },
  {
    number: 15,
    title: "Without a listen, or with a port alone, it listens on every address.",
    check: async (bench) => {
      const { address: upstream } = await bench.sink();
      for (const own of [{}, { listen: ":0" }, { listen: "0.0.0.0:0" }]) {
        const body = { name: freshName(), upstream, ...own };
        const { listen } = proxyIn(await bench.expectStatus(201, "POST", "/proxies", body));
        expect(listen).toMatch(/^\[::\]:[1-9]\d*$/);
        await bench.dial(portIn(listen));
      }
    },
  },
  {
    number: 16,
    title: "Field names are taken in any case, and unknown fields ignored.",
    check: async (bench) => {
      const body = { NAME: freshName(), Listen: "127.0.0.1:0", uPsTrEaM: "127.0.0.1:9", colour: "blue" };
      const made = await bench.expectStatus(201, "POST", "/proxies", body);
      expect(made.json()).toMatchObject({ name: body.NAME, upstream: "127.0.0.1:9" });
      const toxic = { TYPE: "latency", Stream: "upstream", ATTRIBUTES: { LATENCY: 5, Jitter: 1, colour: 3 } };
      const added = await bench.expectStatus(200, "POST", `/proxies/${body.NAME}/toxics`, toxic);
      expect(added.json()).toMatchObject({ name: "latency_upstream", attributes: { latency: 5, jitter: 1 } });
    },
  },
  {
    number: 17,
    title: "Toxics in the body of a new proxy are ignored.",
    check: async (bench) => {
      const toxics = [{ type: "latency", attributes: { latency: 1000 } }];
      const body = { name: freshName(), listen: "127.0.0.1:0", upstream: "127.0.0.1:9", toxics };
      expect((await bench.expectStatus(201, "POST", "/proxies", body)).json()).toMatchObject({ toxics: [] });
      expect((await bench.expectStatus(200, "GET", `/proxies/${body.name}/toxics`)).json()).toEqual([]);
    },
  },
  {
    number: 18,
    title: "An error is JSON with text and status, ends with a newline, and calls itself text.",
    check: async (bench) => {
      const { name, path } = await bench.proxy();
      const replies = [
        await bench.call("POST", "/proxies", { body: "{" }),
        await bench.call("POST", "/proxies", { body: { name, upstream: "127.0.0.1:9" } }),
        await bench.call("POST", "/proxies", { body: { name: freshName(), listen: "1", upstream: "127.0.0.1:9" } }),
        await bench.call("GET", "/proxies/none"),
        await bench.call("GET", `${path}/toxics/none`),
        await bench.call("POST", `${path}/toxics`, { body: { type: "none" } }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([400, 409, 500, 404, 404, 400]);
      for (const reply of replies) {
        expect(reply.json()).toEqual({ error: expect.any(String) as string, status: reply.status });
        expect(reply.text).toMatch(/\}\n$/);
        expect(reply.type).toBe("text/plain; charset=utf-8");
        expect(reply.headers["x-content-type-options"]).toBe("nosniff");
      }
    },
  },
  {
    number: 19,
    title: "A proxy that is not there gives 404, before the body is looked at.",
    check: async (bench) => {
      for (const [verb, path] of [
        ["GET", "/proxies/none"],
        ["POST", "/proxies/none"],
        ["PATCH", "/proxies/none"],
        ["DELETE", "/proxies/none"],
        ["GET", "/proxies/none/toxics"],
        ["POST", "/proxies/none/toxics"],
        ["GET", "/proxies/none/toxics/none"],
        ["PATCH", "/proxies/none/toxics/none"],
        ["DELETE", "/proxies/none/toxics/none"],
      ] as const)
        expect((await bench.call(verb, path, { body: "{bad" })).json()).toEqual({
          error: "proxy not found",
          status: 404,
        });
    },
  },
  {
    number: 20,
    title: "PATCH and POST on a proxy act alike; an empty change changes nothing, and a name is ignored.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const before = await proxy.show();
      for (const verb of ["PATCH", "POST"]) {
        expect((await bench.expectStatus(200, verb, proxy.path, {})).json()).toEqual(before);
        expect((await bench.expectStatus(200, verb, proxy.path, { name: "other" })).json()).toEqual(before);
      }
      await bench.expectStatus(404, "GET", "/proxies/other");
      expect((await bench.expectStatus(400, "PATCH", proxy.path, "{bad")).json()).toMatchObject({ status: 400 });
    },
  },
  {
    number: 21,
    title: "Disabling closes the port and every live connection on both sides; a second time changes nothing.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const pairs = [await proxy.openLive(), await proxy.openLive()];
      expect(proxyIn(await proxy.update({ enabled: false }))).toMatchObject({ enabled: false });
      expect(await isRefused(bench, proxy.port)).toBe(true);
      for (const { client, far } of pairs) {
        expect((await client.untilEnd(1000)).kind).toBe("fin");
        expect((await far.untilEnd(1000)).kind).toBe("fin");
      }
      expect(proxyIn(await proxy.update({ enabled: false }))).toMatchObject({ enabled: false });
    },
  },
  {
    number: 22,
    title: "Enabling again keeps port and toxics.",
    check: async (bench) => {
      const proxy = await bench.echo([{ type: "latency", attributes: { latency: 3 } }]);
      const before = await proxy.show();
      await proxy.update({ enabled: false });
      expect(proxyIn(await proxy.update({ enabled: true }))).toEqual(before);
      const client = await proxy.dial();
      client.socket.write("ping");
      await client.untilBytes(4);
    },
  },
  {
    number: 23,
    title: "A new upstream closes live connections; new ones go there.",
    check: async (bench) => {
      const proxy = await bench.proxy([{ type: "latency", attributes: { latency: 1 } }]);
      const old = await proxy.openLive();
      const other = await bench.sink();
      expect(proxyIn(await proxy.update({ upstream: other.address }))).toMatchObject({
        listen: `127.0.0.1:${proxy.port}`,
        upstream: other.address,
        toxics: [{ name: "latency_downstream" }],
      });
      await old.client.untilEnd(1000);
      await old.far.untilEnd(1000);
      const client = await proxy.dial();
      client.socket.write("new");
      const far = await other.accepted(0);
      await far.untilBytes(3);
      expect(proxy.far.ends).toHaveLength(1);
    },
  },
  {
    number: 24,
    title: "The same address by another name changes nothing: connections live on.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const { client } = await proxy.open();
      const shown = proxyIn(await proxy.update({ listen: `localhost:${proxy.port}` }));
      expect(shown.listen).toBe(`127.0.0.1:${proxy.port}`);
      client.socket.write("ping");
      await client.untilBytes(4);
    },
  },
  {
    number: 25,
    title: "Moving to a port that is taken gives 500, and leaves the proxy disabled at the new address.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const { address } = await bench.sink();
      const refused = await bench.expectStatus(500, "PATCH", proxy.path, { listen: address });
      expect(refused.json()).toMatchObject({ error: `listen tcp ${address}: bind: address already in use` });
      expect(await proxy.show()).toMatchObject({ listen: address, enabled: false });
      expect(await isRefused(bench, proxy.port)).toBe(true);
    },
  },
  {
    number: 26,
    title: "Moving to port 0 gives another port.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const { listen } = proxyIn(await proxy.update({ listen: "localhost:0" }));
      expect(listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
      expect(portIn(listen)).not.toBe(proxy.port);
      const client = await bench.dial(portIn(listen));
      client.socket.write("ping");
      await client.untilBytes(4);
      expect(await isRefused(bench, proxy.port)).toBe(true);
    },
  },
  {
    number: 27,
    title: "DELETE closes the connections and frees name and port at once; a second one gives 404.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const { client, far } = await proxy.openLive();
      const reply = await bench.expectStatus(204, "DELETE", proxy.path);
      expect(reply).toMatchObject({ text: "", type: null });
      await client.untilEnd(1000);
      await far.untilEnd(1000);
      const again = { name: proxy.name, listen: `127.0.0.1:${proxy.port}`, upstream: proxy.far.address };
      await bench.expectStatus(201, "POST", "/proxies", again);
      await bench.expectStatus(204, "DELETE", proxy.path);
      expect((await bench.call("DELETE", proxy.path)).json()).toEqual({ error: "proxy not found", status: 404 });
    },
  },
  {
    number: 75,
    title: "A listen that cannot be resolved gives 500, and the proxy stays as it was.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const { client } = await proxy.open();
      const before = await proxy.show();
      await bench.expectStatus(500, "PATCH", proxy.path, { listen: "1234" });
      expect(await proxy.show()).toEqual(before);
      client.socket.write("ping");
      await client.untilBytes(4);
    },
  },
  {
    number: 76,
    title: "Names with spaces, dots and other letters are found by their encoded path.",
    check: async (bench) => {
      for (const name of ["a b", "grün", "a.b:c", "100%", "?"]) {
        const body = { name, listen: "127.0.0.1:0", upstream: "127.0.0.1:9" };
        await bench.expectStatus(201, "POST", "/proxies", body);
        const path = `/proxies/${encodeURIComponent(name)}`;
        expect(proxyIn(await bench.expectStatus(200, "GET", path)).name).toBe(name);
        await bench.expectStatus(204, "DELETE", path);
      }
    },
  },
  {
    number: 77,
    title: "Listening on [::1]:0 shows that address with the real port.",
    check: async (bench) => {
      const body = { name: freshName(), listen: "[::1]:0", upstream: "127.0.0.1:9" };
      const { listen } = proxyIn(await bench.expectStatus(201, "POST", "/proxies", body));
      expect(listen).toMatch(/^\[::1\]:[1-9]\d*$/);
    },
  },
];

/** Whether the system refuses a connection to this port. */
async function isRefused(bench: Bench, port: number): Promise<boolean> {
  const socket = bench.keepSocket(connect({ host: "127.0.0.1", port }));
  const refused = once(socket, "close").then(() => true);
  return Promise.race([refused, once(socket, "connect").then(() => false)]).catch(() => true);
}
