import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** An answer of the API, as it came. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly type: string | null;
  readonly text: string;
  /** The body parsed; throws if it is no JSON. */
  json(): unknown;
}

/** What a request has beside its path. */
export interface Asked {
  /** Sent as it is if it is text, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** After how many ms without an answer it throws a `TimeoutError`; 10 000 unless said. */
  readonly limitMs?: number;
}

/** Sends requests to one server, one after the other on a few connections. Its disposal closes them. */
export interface ApiClient extends Disposable {
  call(verb: string, path: string, asked?: Asked): Promise<Reply>;
}

/** A client for the API at this base; the path goes out exactly as it is given. */
export function openApiClient(url: string): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const { hostname, port } = new URL(url);
  const call = (verb: string, path: string, { body, headers = {}, limitMs = 10_000 }: Asked = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const sent = body === undefined || typeof body === "string" ? (body ?? "") : JSON.stringify(body);
      const signal = AbortSignal.timeout(limitMs);
      const length = sent === "" ? {} : { "Content-Length": String(Buffer.byteLength(sent)) };
      const asking = request({ agent, hostname, port, path, method: verb, headers: { ...length, ...headers }, signal });
      asking.on("error", (failed) => reject(signal.aborted ? signal.reason : failed));
      asking.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode: status = 0, headers: given } = response;
          const type = given["content-type"] ?? null;
          resolve({ status, headers: given, type, text, json: () => JSON.parse(text) as unknown });
        });
      });
      asking.end(sent);
    });
  return { call, [Symbol.dispose]: () => agent.destroy() };
}
