import { HarnessError } from "../core/harness-error.ts";
import { atPointer, isList, isObject, type Json, type JsonObject, parseJson } from "../core/json.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { own } from "../core/own.ts";
import { within } from "../core/wait.ts";

/** How long one call of the API may take, in ms. The real server can hang for 25 s on a connection that is not read (toxiproxy#558). */
export const callLimitMs = 5000;

/** One call of the API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Whether 404 is an answer too: there is nothing there. */
  readonly gone?: boolean;
}

/** What a call was answered with. */
export interface ApiAnswer {
  readonly status: number;
  /** Null where it is no JSON. */
  readonly body: Json;
  readonly text: string;
}

/** A toxic as the server tells of it. */
export interface ToxicRead {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number | null;
  readonly attributes: JsonObject;
}

/** A proxy as the server tells of it. */
export interface ProxyRead {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ToxicRead[];
}

/** Toxiproxy's HTTP API over plain HTTP: every call has a limit, and a refusal keeps the server's own words. */
export class ProxyApi {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly #to: { readonly host: string; readonly port: number; readonly below: string };
  readonly #send: HttpTransport;

  constructor({ url, send }: { readonly url: string; readonly send: HttpTransport }) {
    const parsed = new URL(url);
    const below = parsed.pathname.replace(/\/+$/, "");
    this.url = `${parsed.origin}${below}`;
    this.#to = { host: parsed.hostname, port: Number(parsed.port || 80), below };
    this.#send = send;
  }

  /** Throws `HarnessError` (exit 69) for no answer within the limit and for a refusal, with the server's words. */
  async call({ method, path, body, gone }: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    const { host, port, below } = this.#to;
    const request = {
      host,
      port,
      method,
      path: `${below}${path}`,
      headers: { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    };
    const answer = await this.#send(request, within(callLimitMs, signal));
    if (!answer.answered) throw proxyError(`${method} ${path} at ${this.url} had no answer: ${answer.error}`);
    const parsed = parseJson(answer.body)?.value ?? null;
    const { status, body: text } = answer;
    if (status < 300 || (gone === true && status === 404)) return { status, body: parsed, text };
    const said = atPointer(parsed, "/error");
    throw proxyError(`${method} ${path} was refused: ${typeof said === "string" ? said : `status ${status}`}`);
  }

  /** Every proxy of the server by name, others' too. Throws `HarnessError` (exit 69). */
  async proxies(signal: AbortSignal): Promise<ReadonlyMap<string, ProxyRead>> {
    const { body } = await this.call({ method: "GET", path: "/proxies" }, signal);
    const entries = isObject(body) ? Object.entries(body) : [];
    return new Map(entries.map(([name, proxy]) => [name, proxyRead(name, isObject(proxy) ? proxy : {})]));
  }
}

/** The path of a proxy, whatever its name. */
export function proxyPath(name: string): string {
  return `/proxies/${encodeURIComponent(name)}`;
}

/** What went wrong with the proxy of the links. */
export function proxyError(message: string): HarnessError {
  return new HarnessError(`the proxy of the links: ${message}`, {
    code: "proxy-refused",
    exit: "unavailable",
    next: "check that the proxy runs and is one that prism-chaos knows (prism-chaos plan --proxy ...); the built-in one can do everything",
  });
}

function proxyRead(name: string, proxy: JsonObject): ProxyRead {
  const toxics = own(proxy, "toxics");
  return {
    name,
    listen: textOf(proxy, "listen"),
    upstream: textOf(proxy, "upstream"),
    enabled: own(proxy, "enabled") === true,
    toxics: isList(toxics) ? toxics.flatMap((toxic) => (isObject(toxic) ? [toxicRead(toxic)] : [])) : [],
  };
}

function toxicRead(toxic: JsonObject): ToxicRead {
  const attributes = own(toxic, "attributes");
  const toxicity = own(toxic, "toxicity");
  return {
    name: textOf(toxic, "name"),
    type: textOf(toxic, "type"),
    stream: textOf(toxic, "stream"),
    toxicity: typeof toxicity === "number" ? toxicity : null,
    attributes: isObject(attributes) ? attributes : {},
  };
}

function textOf(object: JsonObject, key: string): string {
  const value = own(object, key);
  return typeof value === "string" ? value : "";
}
