// Uses every call of toxiproxy-node-client against a server on 127.0.0.1:8474. The argument is the folder that it is installed in.
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";

const require = createRequire(join(process.argv[2], "package.json"));
const { Toxiproxy } = require("toxiproxy-node-client");
const toxiproxy = new Toxiproxy("http://127.0.0.1:8474");
const echo = createServer({ noDelay: true }, (socket) => void socket.on("error", () => {}).pipe(socket));
echo.listen(0, "127.0.0.1");
await once(echo, "listening");
const upstream = `127.0.0.1:${echo.address().port}`;
let proxy;

/** The answer to a ping, and after how many ms it came; the socket's error or end if it does not. */
async function ping() {
  const port = Number(proxy.listen.split(":").at(-1));
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const startedMs = performance.now();
  socket.write("ping");
  const said = await Promise.race([
    once(socket, "data").then(([bytes]) => String(bytes)),
    once(socket, "end").then(() => "end"),
    once(socket, "error").then(([error]) => error.code),
  ]).catch((error) => error.code);
  socket.destroy();
  return { said, tookMs: performance.now() - startedMs };
}

const steps = {
  "the version": async () => match(await toxiproxy.getVersion(), /2\.\d+\.\d+/),
  "a new proxy": async () => {
    proxy = await toxiproxy.createProxy({ name: "one", listen: "localhost:0", upstream });
    match(proxy.listen, /^127\.0\.0\.1:[1-9]\d*$/);
    equal((await ping()).said, "ping");
  },
  "a name that is taken": () => rejects(toxiproxy.createProxy({ name: "one", listen: "localhost:0", upstream }), /409/),
  "one proxy and all of them": async () => {
    deepEqual((await toxiproxy.get("one")).toJson(), proxy.toJson());
    deepEqual(Object.keys(await toxiproxy.getAll()), ["one"]);
    await rejects(toxiproxy.get("none"), /404/);
  },
  "a populate": async () => {
    const made = await toxiproxy.populate([{ name: "two", listen: "localhost:0", upstream, enabled: false }]);
    equal(made.two.enabled, false);
    await made.two.remove();
  },
  "every type of toxic": async () => {
    const types = {
      latency: { latency: 1, jitter: 0 },
      bandwidth: { rate: 1000 },
      slow_close: { delay: 1 },
      timeout: { timeout: 1000 },
      slicer: { average_size: 10, size_variation: 1, delay: 1 },
      reset_peer: { timeout: 0 },
      limit_data: { bytes: 100 },
    };
    for (const [type, attributes] of Object.entries(types)) {
      const toxic = await proxy.addToxic({ type, attributes, toxicity: 1, stream: "upstream" });
      deepEqual({ ...toxic.toJson() }, { attributes, name: `${type}_upstream`, stream: "upstream", toxicity: 1, type });
      deepEqual((await proxy.getToxic(toxic.name)).toJson(), toxic.toJson());
      await toxic.remove();
      await rejects(proxy.getToxic(toxic.name), /404/);
    }
  },
  "a latency that is changed": async () => {
    const toxic = await proxy.addToxic({ type: "latency", attributes: { latency: 50, jitter: 0 } });
    ok((await ping()).tookMs >= 48);
    const changed = await toxic.update({ attributes: { latency: 150 } });
    deepEqual(changed.attributes, { latency: 150, jitter: 0 });
    ok((await ping()).tookMs >= 148);
  },
  "a reset": async () => {
    await toxiproxy.reset();
    await rejects(proxy.getToxic("latency_downstream"), /404/);
    equal((await ping()).said, "ping");
  },
  "a proxy that is disabled and enabled": async () => {
    equal((await proxy.update({ ...proxy.toJson(), enabled: false })).enabled, false);
    equal((await ping()).said, "ECONNREFUSED");
    proxy = await proxy.update({ ...proxy.toJson(), enabled: true });
    equal((await ping()).said, "ping");
  },
  "a proxy that is removed": async () => {
    await proxy.remove();
    deepEqual(await toxiproxy.getAll(), {});
  },
};

for (const [step, take] of Object.entries(steps)) {
  try {
    await take();
    process.stdout.write(`ok ${step}\n`);
  } catch (error) {
    process.stdout.write(`not ok ${step}: ${String(error)}\n`);
    process.exitCode = 1;
  }
}
echo.close();
