import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { request } from "undici";
import { serveProxy } from "../../src/proxy/serve.ts";

/** A proxy that says yes to every cut and does nothing: a stand-in for one that is broken in this way. */
export interface IdleProxy extends AsyncDisposable {
  readonly url: string;
  /** How many cuts it was asked for. */
  cuts(): number;
  /** Names of the proxies that are on it now. */
  proxies(): Promise<readonly string[]>;
}

const oneToxic = /^\/proxies\/[^/]+\/toxics\/([^/]+)$/;
const manyToxics = /^\/proxies\/[^/]+\/toxics$/;

/**
 * Serves the API of the real built-in proxy, which carries the traffic, but keeps toxics to itself: what is asked for is answered as done,
 * can be read, can be removed, and never reaches the proxy.
 */
export async function serveIdleProxy(): Promise<IdleProxy> {
  const end = new AbortController();
  const real = await serveProxy({ host: "127.0.0.1", port: 0, signal: end.signal });
  const toxics = new Map<string, string>();
  let cuts = 0;
  const change = (body: string): Answer => {
    const { add, remove } = JSON.parse(body) as Change;
    cuts += add.length;
    for (const { proxy, toxic } of add) toxics.set(`/proxies/${proxy}/toxics/${toxic.name}`, JSON.stringify(toxic));
    for (const { proxy, name } of remove) toxics.delete(`/proxies/${proxy}/toxics/${name}`);
    return { status: 200, body: "{}" };
  };
  const pretend = (method: string, path: string, body: string): Answer | null => {
    if (path === "/prism/apply") return change(body);
    if (method === "POST" && manyToxics.test(path)) {
      cuts += 1;
      toxics.set(`${path}/${String((JSON.parse(body) as { name: unknown }).name)}`, body);
      return { status: 200, body };
    }
    const known = toxics.get(path);
    if (known === undefined || !oneToxic.test(path)) return null;
    if (method === "DELETE") toxics.delete(path);
    return method === "DELETE" ? { status: 204, body: "" } : { status: 200, body: known };
  };
  const api = createServer((asked, response) => {
    void answer(asked, real.url, pretend).then(({ status, body }) => {
      const shown = asked.url === "/proxies" && asked.method === "GET" ? withToxics(body, toxics) : body;
      response.writeHead(status).end(shown);
    });
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const address = api.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cuts: () => cuts,
    proxies: async () => {
      const { body } = await request(`${real.url}/proxies`);
      return Object.keys((await body.json()) as object);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(api, "close");
      api.close();
      api.closeAllConnections();
      end.abort();
      await Promise.all([closed, real.closed]);
    },
  };
}

/** One change over many proxies. */
interface Change {
  readonly add: readonly { readonly proxy: string; readonly toxic: { readonly name: string } }[];
  readonly remove: readonly { readonly proxy: string; readonly name: string }[];
}

/** The list of proxies as it would be if the toxics were on them. */
function withToxics(body: string, toxics: ReadonlyMap<string, string>): string {
  const proxies = JSON.parse(body) as Readonly<Record<string, object>>;
  const shown = Object.entries(proxies).map(([name, proxy]) => {
    const own = [...toxics].filter(([path]) => path.startsWith(`/proxies/${name}/toxics/`));
    return [name, { ...proxy, toxics: own.map(([, toxic]): unknown => JSON.parse(toxic)) }] as const;
  });
  return JSON.stringify(Object.fromEntries(shown));
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What is pretended, or else what the real proxy answers. */
async function answer(
  asked: IncomingMessage,
  url: string,
  pretend: (method: string, path: string, body: string) => Answer | null,
): Promise<Answer> {
  const body = (await asked.setEncoding("utf8").toArray()).join("");
  const { method = "GET", url: path = "/" } = asked;
  const pretended = pretend(method, path, body);
  if (pretended !== null) return pretended;
  const { statusCode, body: said } = await request(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: method === "GET" || method === "DELETE" ? null : body,
  });
  return { status: statusCode, body: await said.text() };
}
