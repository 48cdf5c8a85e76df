import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { freshName } from "./bench.ts";
import type { Point } from "./point.ts";

/** What holds for the API as a whole. */
export const apiPoints: readonly Point[] = [
  {
    number: 1,
    title: "GET /version gives the version as JSON, with a newline behind it.",
    check: async (bench) => {
      const reply = await bench.call("GET", "/version");
      expect(reply).toMatchObject({ status: 200, type: "application/json;charset=utf-8" });
      expect(reply.text).toMatch(/^\{"version": "[^"]+"\}\n$/);
    },
  },
  {
    number: 2,
    title: "Every answer of a route carries a request id, errors too.",
    check: async (bench) => {
      const { path } = await bench.proxy();
      const replies = [
        await bench.call("GET", "/version"),
        await bench.call("GET", "/proxies"),
        await bench.call("POST", "/proxies", { body: "{" }),
        await bench.call("POST", "/populate", { body: "[]" }),
        await bench.call("GET", path),
        await bench.call("GET", `${path}/toxics`),
        await bench.call("GET", `${path}/toxics/none`),
        await bench.call("DELETE", "/proxies/none"),
        await bench.call("POST", "/reset"),
      ];
      const ids = replies.map(({ headers }) => headers["x-toxiproxy-request-id"]);
      expect(ids.filter((id) => typeof id !== "string" || id === "")).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    },
  },
  {
    number: 3,
    title: "A browser is refused with 403; other clients are not.",
    check: async (bench) => {
      const as = (agent: string) => bench.call("GET", "/proxies", { headers: { "User-Agent": agent } });
      expect(await as("Mozilla/5.0")).toMatchObject({ status: 403, text: "User agent not allowed\n" });
      for (const agent of ["mozilla/5.0", "curl/8.0", "Wget/2.1", "x Mozilla/5.0"])
        expect(await as(agent)).toMatchObject({ status: 200 });
    },
  },
  {
    number: 4,
    title: "An unknown path gives 404 as text.",
    check: async (bench) => {
      for (const path of ["/", "/nope", "/proxies/", "/proxies/a/b", "/version/"]) {
        const reply = await bench.call("GET", path);
        expect(reply).toMatchObject({ status: 404, text: "404 page not found\n", type: "text/plain; charset=utf-8" });
      }
    },
  },
  {
    number: 5,
    title: "A verb that a path does not have gives 405 without a body.",
    check: async (bench) => {
      for (const [verb, path] of [
        ["PUT", "/proxies"],
        ["HEAD", "/version"],
        ["POST", "/version"],
        ["GET", "/reset"],
        ["GET", "/populate"],
        ["PUT", "/proxies/none"],
        ["PUT", "/proxies/none/toxics/none"],
      ] as const)
        expect(await bench.call(verb, path)).toMatchObject({ status: 405, text: "" });
    },
  },
  {
    number: 6,
    title: "GET /proxies without proxies gives an empty object.",
    check: async (bench) => {
      const reply = await bench.call("GET", "/proxies");
      expect(reply).toMatchObject({ status: 200, text: "{}", type: "application/json" });
    },
  },
  {
    number: 69,
    title: "A doubled slash is redirected to the path with one.",
    check: async (bench) => {
      const reply = await bench.call("GET", "//proxies");
      expect(reply.status).toBe(301);
      expect(reply.headers.location).toBe("/proxies");
    },
  },
  {
    number: 70,
    title: "What has no route carries no request id and is not asked whether it is a browser.",
    check: async (bench) => {
      const headers = { "User-Agent": "Mozilla/5.0" };
      for (const [verb, path, status] of [
        ["GET", "/nope", 404],
        ["PUT", "/proxies", 405],
      ] as const) {
        const reply = await bench.call(verb, path, { headers });
        expect(reply.status).toBe(status);
        expect(reply.headers["x-toxiproxy-request-id"]).toBeUndefined();
      }
    },
  },
  {
    number: 71,
    title: "What follows the first JSON value of a body is ignored.",
    check: async (bench) => {
      const name = freshName();
      const body = `{"name":"${name}","upstream":"127.0.0.1:9","enabled":false} and more {`;
      expect(await bench.call("POST", "/proxies", { body })).toMatchObject({ status: 201 });
      expect(await bench.call("PATCH", `/proxies/${name}`, { body: '{"enabled":false}]' })).toMatchObject({
        status: 200,
      });
    },
  },
  {
    number: 72,
    title: "Null keeps the default, as if the field were absent.",
    check: async (bench) => {
      const body = { name: freshName(), listen: "127.0.0.1:0", upstream: "127.0.0.1:9", enabled: null };
      expect((await bench.call("POST", "/proxies", { body })).json()).toMatchObject({ enabled: true });
      const toxic = { type: "latency", stream: null, name: null, toxicity: null, attributes: null };
      const made = await bench.call("POST", `/proxies/${body.name}/toxics`, { body: toxic });
      expect(made.json()).toEqual({
        attributes: { latency: 0, jitter: 0 },
        name: "latency_downstream",
        type: "latency",
        stream: "downstream",
        toxicity: 1,
      });
    },
  },
  {
    number: 73,
    title: "Answers are JSON by name, whatever the request calls itself; there is no CORS.",
    check: async (bench) => {
      const headers = { "Content-Type": "text/csv", Origin: "http://localhost" };
      const body = { name: freshName(), upstream: "127.0.0.1:9", listen: "127.0.0.1:0" };
      const made = await bench.call("POST", "/proxies", { body, headers });
      expect(made).toMatchObject({ status: 201, type: "application/json" });
      expect(made.headers["access-control-allow-origin"]).toBeUndefined();
      const added = await bench.call("POST", `/proxies/${body.name}/toxics`, { body: { type: "noop" }, headers });
      expect(added).toMatchObject({ status: 200, type: "application/json" });
    },
  },
  {
    number: 74,
    title: "GET /metrics is there only with a metrics flag.",
    check: async (bench) => {
      expect(await bench.call("GET", "/metrics")).toMatchObject({ status: 404 });
      const counting = await bench.apart({ flags: ["proxy-metrics"] });
      const proxy = await counting.echo();
      const { client } = await proxy.open();
      client.socket.end("0123456789");
      await client.untilEnd();
      const labels = `direction="upstream",listener="127.0.0.1:${proxy.port}",proxy="${proxy.name}",upstream="${proxy.far.address}"`;
      // The real one counts a link when it has ended, which the client cannot see.
      const lines = await eventually(
        async () => {
          const reply = await counting.call("GET", "/metrics");
          expect(reply.type).toMatch(/^text\/plain/);
          return reply.text.includes(`{${labels}} 10`) ? reply.text.split("\n") : null;
        },
        { limitMs: 5000, what: "ten bytes in the counters" },
      );
      for (const way of ["received", "sent"])
        expect(lines).toContain(`toxiproxy_proxy_${way}_bytes_total{${labels}} 10`);
    },
  },
  {
    number: 89,
    title: "Proxies of a configuration file are there from the start.",
    check: async (bench) => {
      const file = join(bench.folder(), "proxies.json");
      const wanted = { name: freshName(), listen: "127.0.0.1:0", upstream: "127.0.0.1:9" };
      const off = { ...wanted, name: freshName(), enabled: false };
      writeFileSync(file, JSON.stringify([wanted, off]));
      const own = await bench.apart({ flags: ["config", file] });
      await eventually(async () => (await own.call("GET", `/proxies/${off.name}`)).status === 200, {
        limitMs: 5000,
        what: "the proxies of the file",
      });
      expect((await own.call("GET", "/proxies")).json()).toMatchObject({
        [wanted.name]: { enabled: true, upstream: "127.0.0.1:9", toxics: [] },
        [off.name]: { enabled: false, listen: "127.0.0.1:0" },
      });
    },
  },
];
