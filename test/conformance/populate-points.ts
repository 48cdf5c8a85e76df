import { expect } from "vitest";
import { type Bench, freshName, proxyIn, type ShownProxy } from "./bench.ts";
import type { Point } from "./point.ts";

/** What holds for POST /populate and POST /reset. */
export const populatePoints: readonly Point[] = [
  {
    number: 28,
    title: "POST /populate creates proxies, and gives them back in the order of the request.",
    check: async (bench) => {
      const { address: upstream } = await bench.sink();
      const wanted = ["z", "a"].map((letter) => ({ name: letter + freshName(), listen: "127.0.0.1:0", upstream }));
      const reply = await bench.expectStatus(201, "POST", "/populate", wanted);
      expect(reply.type).toBe("application/json");
      const made = proxiesIn(reply.json());
      expect(made.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
      for (const { listen, enabled } of made) {
        expect(enabled).toBe(true);
        await bench.dial(Number(listen.split(":")[1]));
      }
    },
  },
  {
    number: 29,
    title: "A populated proxy is enabled unless told otherwise.",
    check: async (bench) => {
      const [off, on] = [wantedProxy({ enabled: false }), wantedProxy()];
      const made = proxiesIn((await bench.expectStatus(201, "POST", "/populate", [off, on])).json());
      expect(made.map(({ enabled }) => enabled)).toEqual([false, true]);
    },
  },
  {
    number: 30,
    title: "A missing field gives 400 with the place of the proxy, counted from 1, and nothing is created.",
    check: async (bench) => {
      for (const [field, bad] of [
        ["name", { upstream: "127.0.0.1:9" }],
        ["upstream", { name: freshName() }],
      ] as const) {
        const reply = await bench.expectStatus(400, "POST", "/populate", [wantedProxy(), bad]);
        expect(reply.json()).toMatchObject({ error: `missing required field: ${field} at proxy 2`, status: 400 });
        expect((await bench.call("GET", "/proxies")).json()).toEqual({});
      }
    },
  },
  {
    number: 31,
    title: "A listen that fails stops a populate half-way: those before stay and are told, those behind are not there.",
    check: async (bench) => {
      const [first, third] = [wantedProxy(), wantedProxy()];
      const bad = wantedProxy({ listen: "1234" });
      const reply = await bench.expectStatus(500, "POST", "/populate", [first, bad, third]);
      expect(reply.type).toBe("application/json");
      expect(reply.text).not.toMatch(/\n$/);
      expect(reply.json()).toMatchObject({
        error: expect.stringContaining("missing port in address") as string,
        status: 500,
        proxies: [{ name: first.name }],
      });
      expect(Object.keys((await bench.call("GET", "/proxies")).json() as object)).toEqual([first.name]);
    },
  },
  {
    number: 32,
    title: "A proxy with the same addresses keeps toxics, connections and whether it is enabled.",
    check: async (bench) => {
      const proxy = await bench.echo([{ type: "latency", attributes: { latency: 1 } }]);
      const { client } = await proxy.open();
      const before = await proxy.show();
      const again = { name: proxy.name, listen: before.listen, upstream: before.upstream, enabled: false };
      expect(proxiesIn((await bench.expectStatus(201, "POST", "/populate", [again])).json())).toEqual([before]);
      expect(await proxy.show()).toEqual(before);
      client.socket.write("ping");
      await client.untilBytes(4);
    },
  },
  {
    number: 33,
    title: "A proxy with another upstream is replaced, without its toxics.",
    check: async (bench) => {
      const proxy = await bench.proxy([{ type: "latency" }]);
      const { client } = await proxy.openLive();
      const other = await bench.sink();
      const again = { name: proxy.name, listen: `127.0.0.1:${proxy.port}`, upstream: other.address };
      await bench.expectStatus(201, "POST", "/populate", [again]);
      expect(await proxy.show()).toMatchObject({ upstream: other.address, toxics: [], enabled: true });
      await client.untilEnd(1000);
      await proxy.dial();
      await other.accepted(0);
    },
  },
  {
    number: 34,
    title: "An empty populate gives null, as clients of the real one know it.",
    check: async (bench) => {
      for (const body of ["[]", "null"]) {
        const reply = await bench.call("POST", "/populate", { body });
        expect(reply).toMatchObject({ status: 201, text: '{"proxies":null}' });
      }
    },
  },
  {
    number: 43,
    title: "POST /reset enables every proxy and removes every toxic; live connections go on.",
    check: async (bench) => {
      const [live, off] = [await bench.echo([{ type: "latency", attributes: { latency: 9 } }]), await bench.proxy()];
      const { client } = await live.open();
      const cut = await off.openLive();
      await off.add({ type: "timeout", attributes: { timeout: 0 } });
      expect(await bench.expectStatus(204, "POST", "/reset", "any text")).toMatchObject({ text: "" });
      expect(await live.show()).toMatchObject({ enabled: true, toxics: [] });
      await cut.client.untilEnd(1000);
      await cut.far.untilEnd(1000);
      client.socket.write("ping");
      await client.untilBytes(4);
      await off.update({ enabled: false });
      await bench.expectStatus(204, "POST", "/reset");
      expect(await off.show()).toMatchObject({ enabled: true, toxics: [] });
      await off.open();
    },
  },
  {
    number: 78,
    title: "Errors of a populate call themselves JSON, end without a newline, and have null where nothing was created.",
    check: async (bench) => {
      const reply = await bench.expectStatus(400, "POST", "/populate", [{}]);
      expect(reply).toMatchObject({
        type: "application/json",
        text: '{"error":"missing required field: name at proxy 1","status":400,"proxies":null}',
      });
      expect(await bench.call("POST", "/populate", { body: "{}" })).toMatchObject({
        status: 400,
        type: "application/json",
      });
    },
  },
  {
    number: 79,
    title: "Populating 0.0.0.0 with the port that it has changes nothing: toxics and connections stay.",
    check: async (bench) => {
      const { address: upstream } = await bench.sink();
      const wanted = { name: freshName(), listen: "0.0.0.0:0", upstream };
      const made = proxyIn(await bench.expectStatus(201, "POST", "/proxies", wanted));
      const path = `/proxies/${made.name}`;
      await bench.expectStatus(200, "POST", `${path}/toxics`, { type: "latency" });
      const again = { ...wanted, listen: `0.0.0.0:${made.listen.split(":").at(-1)}` };
      await bench.expectStatus(201, "POST", "/populate", [again]);
      expect(await toxicsOf(bench, path)).toBe(bench.differently({ toxiproxy: 0, "built-in": 1 }));
    },
  },
];

function wantedProxy(own: object = {}) {
  return { name: freshName(), listen: "127.0.0.1:0", upstream: "127.0.0.1:9", ...own };
}

function proxiesIn(body: unknown): readonly ShownProxy[] {
  return (body as { readonly proxies: readonly ShownProxy[] }).proxies;
}

async function toxicsOf(bench: Bench, path: string): Promise<number> {
  return proxyIn(await bench.expectStatus(200, "GET", path)).toxics.length;
}
