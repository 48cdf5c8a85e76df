import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import type { Bench } from "./bench.ts";
import type { Point } from "./point.ts";

/** What holds for toxics over the API. */
export const toxicPoints: readonly Point[] = [
  {
    number: 35,
    title: "POST of a toxic gives 200 and all its attributes, with zeros.",
    check: async (bench) => {
      const { path } = await bench.proxy();
      const all = {
        latency: ["latency", "jitter"],
        bandwidth: ["rate"],
        slow_close: ["delay"],
        timeout: ["timeout"],
        reset_peer: ["timeout"],
        limit_data: ["bytes"],
        noop: [],
      };
      for (const [type, attributes] of Object.entries(all)) {
        const reply = await bench.expectStatus(200, "POST", `${path}/toxics`, { type });
        expect(reply.json()).toEqual({
          attributes: Object.fromEntries(attributes.map((name) => [name, 0])),
          name: `${type}_downstream`,
          type,
          stream: "downstream",
          toxicity: 1,
        });
      }
      const sliced = { average_size: 7, size_variation: 2, delay: 0 };
      const body = { type: "slicer", attributes: { average_size: 7, size_variation: 2 } };
      expect((await bench.expectStatus(200, "POST", `${path}/toxics`, body)).json()).toMatchObject({
        attributes: sliced,
      });
    },
  },
  {
    number: 36,
    title: "A toxic without more is downstream, hits always, and is named after type and stream.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const made = await proxy.add({ type: "latency" });
      expect(made).toMatchObject({ name: "latency_downstream", stream: "downstream", toxicity: 1 });
      expect(await proxy.add({ type: "latency", stream: "upstream", toxicity: 0.25 })).toMatchObject({
        name: "latency_upstream",
        toxicity: 0.25,
      });
      expect(await proxy.add({ type: "latency", name: "" }).catch((thrown: unknown) => String(thrown))).toMatch(
        /toxic already exists/,
      );
    },
  },
  {
    number: 37,
    title: "A stream or a type that is none gives 400.",
    check: async (bench) => {
      const { path } = await bench.proxy();
      const said = async (body: object) => (await bench.call("POST", `${path}/toxics`, { body })).json();
      for (const stream of ["", "sideways"])
        expect(await said({ type: "latency", stream })).toEqual({
          error: "stream was invalid, can be either upstream or downstream",
          status: 400,
        });
      for (const type of ["", "down", "Latency", "nope"])
        expect(await said({ type })).toEqual({ error: "invalid toxic type", status: 400 });
    },
  },
  {
    number: 38,
    title: "The name of a toxic is unique in its proxy, also across the streams.",
    check: async (bench) => {
      const { path } = await bench.proxy([{ type: "latency", name: "one", stream: "upstream" }]);
      for (const stream of ["upstream", "downstream"]) {
        const body = { type: "noop", name: "one", stream };
        expect((await bench.call("POST", `${path}/toxics`, { body })).json()).toEqual({
          error: "toxic already exists",
          status: 409,
        });
      }
    },
  },
  {
    number: 39,
    title: "An attribute that is not written as a whole number gives 400.",
    check: async (bench) => {
      const proxy = await bench.proxy([{ type: "latency", name: "one" }]);
      for (const value of ["1.5", "1000.0", '"5"', "true", "[]"]) {
        const attributes = `"attributes":{"latency":${value}}`;
        await bench.expectStatus(400, "POST", `${proxy.path}/toxics`, `{"type":"latency","name":"two",${attributes}}`);
        await bench.expectStatus(400, "PATCH", `${proxy.path}/toxics/one`, `{${attributes}}`);
      }
      await bench.expectStatus(400, "POST", `${proxy.path}/toxics`, `{"type":"latency","name":"two","attributes":[]}`);
      expect((await proxy.show()).toxics).toMatchObject([{ name: "one", attributes: { latency: 0 } }]);
    },
  },
  {
    number: 40,
    title: "A change merges attributes, keeps the toxicity, and ignores name, type and stream.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      await proxy.add({ type: "latency", name: "one", toxicity: 0.5, attributes: { latency: 3, jitter: 2 } });
      const odd = { name: "two", type: "noop", stream: "upstream" };
      const changed = { name: "one", type: "latency", stream: "downstream", toxicity: 0.5 };
      expect(await proxy.change("one", { ...odd, attributes: { latency: 9 } })).toEqual({
        ...changed,
        attributes: { latency: 9, jitter: 2 },
      });
      expect(await proxy.change("one", { attributes: { jitter: 1 } })).toMatchObject({
        attributes: { latency: 9, jitter: 1 },
      });
      const posted = await bench.expectStatus(200, "POST", `${proxy.path}/toxics/one`, { toxicity: 0.75 });
      expect(posted.json()).toEqual({ ...changed, toxicity: 0.75, attributes: { latency: 9, jitter: 1 } });
      expect(await proxy.change("one", {})).toEqual(posted.json());
    },
  },
  {
    number: 41,
    title: "Toxics are listed upstream first, each stream in the order of creation.",
    check: async (bench) => {
      const proxy = await bench.proxy();
      const streams = ["downstream", "upstream", "downstream", "upstream"] as const;
      for (const [index, stream] of streams.entries()) await proxy.add({ type: "noop", name: `${9 - index}`, stream });
      const listed = (await bench.expectStatus(200, "GET", `${proxy.path}/toxics`)).json();
      expect(listed).toMatchObject(["8", "6", "9", "7"].map((name) => ({ name })));
      expect((await proxy.show()).toxics).toEqual(listed);
      expect((await bench.expectStatus(200, "GET", `${proxy.path}/toxics/8`)).json()).toMatchObject({ name: "8" });
    },
  },
  {
    number: 42,
    title: "A toxic that is not there gives 404, before the body is looked at.",
    check: async (bench) => {
      const { path } = await bench.proxy();
      for (const verb of ["GET", "POST", "PATCH", "DELETE"])
        expect((await bench.call(verb, `${path}/toxics/none`, { body: "{bad" })).json()).toEqual({
          error: "toxic not found",
          status: 404,
        });
    },
  },
  {
    number: 66,
    title: "Attributes that would end the process are refused with 400.",
    check: async (bench) => {
      for (const [type, attributes] of [
        ["bandwidth", { rate: -1 }],
        ["slicer", {}],
        ["slicer", { average_size: -1 }],
        ["slicer", { average_size: 10, size_variation: 300 }],
      ] as const) {
        const own = await bench.expendable();
        const proxy = await own.echo();
        const reply = await own.call("POST", `${proxy.path}/toxics`, { body: { type, attributes } });
        expect(reply.status).toBe(bench.differently({ toxiproxy: 200, "built-in": 400 }));
        await passBytes(own, proxy.port);
        expect(own.server.isRunning()).toBe(bench.differently({ toxiproxy: false, "built-in": true }));
      }
    },
  },
  {
    number: 80,
    title: "A new toxic is judged by stream, then type, then name, then attributes.",
    check: async (bench) => {
      const { path } = await bench.proxy([{ type: "noop", name: "one" }]);
      const said = async (body: object) =>
        ((await bench.call("POST", `${path}/toxics`, { body })).json() as { readonly error: string }).error;
      const bad = { name: "one", attributes: { latency: "5" } };
      expect(await said({ ...bad, stream: "x", type: "x" })).toMatch(/^stream was invalid/);
      expect(await said({ ...bad, type: "x" })).toBe("invalid toxic type");
      expect(await said({ ...bad, type: "latency" })).toBe("toxic already exists");
      expect(await said({ ...bad, type: "latency", name: "two" })).toMatch(/^bad request body: /);
    },
  },
  {
    number: 81,
    title: "A stream is taken in any case, and shown and named as it was sent.",
    check: async (bench) => {
      const { path } = await bench.proxy();
      const body = { type: "latency", stream: "UPSTREAM" };
      const made = await bench.expectStatus(200, "POST", `${path}/toxics`, body);
      expect(made.json()).toMatchObject({ name: "latency_UPSTREAM", stream: "UPSTREAM" });
    },
  },
  {
    number: 82,
    title: "A change that is refused changes nothing.",
    check: async (bench) => {
      const proxy = await bench.proxy([{ type: "latency", name: "one", attributes: { latency: 5 } }]);
      const body = '{"attributes":{"latency":77,"jitter":"x"}}';
      await bench.expectStatus(400, "PATCH", `${proxy.path}/toxics/one`, body);
      const latency = bench.differently({ toxiproxy: 77, "built-in": 5 });
      expect((await proxy.show()).toxics).toMatchObject([{ attributes: { latency, jitter: 0 } }]);
    },
  },
  {
    number: 83,
    title: "A toxicity and a latency out of range are taken as they are.",
    check: async (bench) => {
      const proxy = await bench.echo();
      const wanted = { type: "latency", toxicity: 7.25, attributes: { latency: -50, jitter: -5 } };
      expect(await proxy.add(wanted)).toMatchObject(wanted);
      const { client } = await proxy.open();
      client.socket.write("ping");
      await client.untilBytes(4);
    },
  },
  {
    number: 84,
    title: "Toxics may be added to a disabled proxy, and act once it is enabled.",
    check: async (bench) => {
      const proxy = await bench.echo();
      await proxy.update({ enabled: false });
      await proxy.add({ type: "limit_data", attributes: { bytes: 2 } });
      await proxy.update({ enabled: true });
      const { client } = await proxy.open();
      client.socket.write("ping");
      await client.untilEnd();
      expect(client.received().toString()).toBe("pi");
    },
  },
];

/** Sends blocks and reads what comes back, until the connection ends or some have come. The server may die of it. */
async function passBytes(bench: Bench, port: number): Promise<void> {
  const client = await bench.dial(port);
  for (let block = 0; block < 20 && client.end() === null; block += 1) {
    const before = client.receivedBytes();
    client.socket.write(Buffer.alloc(4096));
    await eventually(() => client.end() !== null || client.receivedBytes() > before, {
      limitMs: 30_000,
      what: "bytes, or the end",
    });
  }
  if (client.end() === null) return;
  await eventually(() => !bench.server.isRunning(), { limitMs: 30_000, what: "the end of the process" });
}
