import { type Action, type Driver, type Link, linkName, type Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError } from "../core/harness-error.ts";
import { atPointer, isList, isObject, type Json, type JsonObject, parseJson } from "../core/json.ts";
import { numberOf } from "../core/node-of.ts";
import { own } from "../core/own.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { within } from "../core/wait.ts";

/** How long one call of the API may take, in ms. The real server can hang for 25 s on a connection that is not read (toxiproxy#558). */
const callLimitMs = 5000;

/** One proxy on one directed link: the dialler connects to where it listens, and its bytes go on to `upstream`. */
export interface LinkProxy {
  readonly link: Link;
  /** Where the proxy listens: `host:port`. Not port 0: while a refused link is closed, its port must not be given to anybody else. */
  readonly listen: string;
  readonly upstream: string;
}

/** A server that speaks Toxiproxy's HTTP API, whoever's: the built-in proxy or the real one. Carries out every `link.*`. */
export class ToxiproxyLinks implements Driver {
  readonly #url: URL;
  readonly #prefix: string;
  readonly #send: HttpTransport;
  /** Ids of the actions that keep a proxy closed, by its name: it opens when the last one is removed. */
  readonly #refusals = new Map<string, Set<string>>();
  /** Whether the server takes one change over many links; the real one does not, which is found out by asking. */
  #isAtomic = true;

  constructor(server: { readonly url: string; readonly run: string; readonly send: HttpTransport }) {
    this.#url = new URL(server.url);
    this.#prefix = `${server.run}.`;
    this.#send = server.send;
  }

  /** Puts a proxy on each link, all in one call. Answers where the dialling node reaches each: `host:port` by link name. */
  async populate(links: readonly LinkProxy[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const proxies = links.map(({ link, ...ends }) => ({ name: this.#name(link), ...ends }));
    await this.#call({ method: "POST", path: "/populate", body: proxies }, signal);
    const { body } = await this.#call({ method: "GET", path: "/proxies" }, signal);
    const reach = new Map<string, string>();
    for (const { link } of links) {
      const listen = atPointer(body, `/${this.#name(link)}/listen`);
      if (typeof listen === "string") reach.set(linkName(link), listen);
    }
    if (reach.size === links.length) return reach;
    throw new HarnessError(`the proxy made ${reach.size} of ${links.length} links`, {
      code: "links-missing",
      exit: "unavailable",
      next: `look at ${this.#url.origin}/proxies`,
    });
  }

  /** Removes the proxies of this run; those of others stay. */
  async dispose(signal: AbortSignal): Promise<void> {
    const { body } = await this.#call({ method: "GET", path: "/proxies" }, signal);
    const ours = isObject(body) ? Object.keys(body).filter((name) => name.startsWith(this.#prefix)) : [];
    await Promise.all(ours.map((name) => this.#call({ method: "DELETE", path: proxyPath(name), gone: true }, signal)));
  }

  async capture(batch: readonly Action[], signal: AbortSignal): Promise<readonly { readonly enabled: Json }[]> {
    const { body } = await this.#call({ method: "GET", path: "/proxies" }, signal);
    return batch.map((action) => ({
      enabled: own(asObject(own(asObject(body), this.#nameOf(action))), "enabled") ?? null,
    }));
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    const [refusals, toxics] = splitBatch(batch);
    await this.#inOneAct({ add: toxics, remove: [] }, signal);
    await eachOf(refusals, (action) => this.#refuse(action, signal));
  }

  async remove(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    const [refusals, toxics] = splitBatch(batch);
    await this.#inOneAct({ add: [], remove: toxics }, signal);
    await eachOf(refusals, (action) => this.#admit(action, signal));
  }

  async read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]> {
    const { body } = await this.#call({ method: "GET", path: "/proxies" }, signal);
    const proxies = asObject(body);
    return batch.map((action) => {
      const proxy = asObject(own(proxies, this.#nameOf(action)));
      if (action.capability === "link.refuse") return own(proxy, "enabled") === false ? "in-force" : "absent";
      const toxics = own(proxy, "toxics");
      const name = toxicName(action);
      const isThere = isList(toxics) && toxics.some((toxic) => own(asObject(toxic), "name") === name);
      return isThere ? "in-force" : "absent";
    });
  }

  /** One atomic change over all links where the server has it (the built-in one); else link by link. */
  async #inOneAct(change: Change, signal: AbortSignal): Promise<void> {
    if (change.add.length + change.remove.length === 0) return;
    if (this.#isAtomic) {
      const body = {
        add: change.add.map((action) => ({ proxy: this.#nameOf(action), toxic: toxicFor(action) })),
        remove: change.remove.map((action) => ({ proxy: this.#nameOf(action), name: toxicName(action) })),
      };
      const { status } = await this.#call({ method: "POST", path: "/prism/apply", body, gone: true }, signal);
      if (status !== 404) return;
      this.#isAtomic = false;
    }
    await eachOf(change.add, (action) => this.#addToxic(action, signal));
    await eachOf(change.remove, async (action) => {
      const path = `${proxyPath(this.#nameOf(action))}/toxics/${toxicName(action)}`;
      await this.#call({ method: "DELETE", path, gone: true }, signal);
    });
  }

  async #addToxic(action: Action, signal: AbortSignal): Promise<void> {
    const path = `${proxyPath(this.#nameOf(action))}/toxics`;
    const toxic = toxicFor(action);
    const { status } = await this.#call({ method: "GET", path: `${path}/${toxic.name}`, gone: true }, signal);
    if (status === 404) await this.#call({ method: "POST", path, body: toxic }, signal);
  }

  async #refuse(action: Action, signal: AbortSignal): Promise<void> {
    const name = this.#nameOf(action);
    const refusals = this.#refusals.get(name) ?? new Set();
    this.#refusals.set(name, refusals.add(action.id));
    await this.#call({ method: "POST", path: proxyPath(name), body: { enabled: false } }, signal);
  }

  async #admit(action: Action, signal: AbortSignal): Promise<void> {
    const name = this.#nameOf(action);
    const refusals = this.#refusals.get(name);
    refusals?.delete(action.id);
    if (refusals !== undefined && refusals.size > 0) return;
    await this.#call({ method: "POST", path: proxyPath(name), body: { enabled: true } }, signal);
  }

  async #call(call: ApiCall, signal: AbortSignal): Promise<{ readonly status: number; readonly body: Json }> {
    const request = {
      host: this.#url.hostname,
      port: Number(this.#url.port || 80),
      method: call.method,
      path: call.path,
      headers: { "content-type": "application/json" },
      body: call.body === undefined ? null : JSON.stringify(call.body),
    };
    const answer = await this.#send(request, within(callLimitMs, signal));
    if (!answer.answered) throw apiError(`${this.#url.origin} did not answer: ${answer.error}`);
    const body = parseJson(answer.body)?.value ?? null;
    if (answer.status < 300 || (call.gone === true && answer.status === 404)) return { status: answer.status, body };
    const said = atPointer(body, "/error");
    throw apiError(`${call.method} ${call.path} was refused: ${typeof said === "string" ? said : answer.status}`);
  }

  #name(link: Link): string {
    return `${this.#prefix}${link.from}.${link.to}`;
  }

  #nameOf(action: Action): string {
    if (action.subject.kind === "link") return this.#name(action.subject.link);
    throw new TypeError(`${action.id} does not name a link`);
  }
}

/** Toxics to be put on links, and to be taken from them. */
interface Change {
  readonly add: readonly Action[];
  readonly remove: readonly Action[];
}

/** Actions that close a proxy, and those that are toxics. */
function splitBatch(batch: readonly Action[]): readonly [readonly Action[], readonly Action[]] {
  const isRefusal = ({ capability }: Action): boolean => capability === "link.refuse";
  return [batch.filter(isRefusal), batch.filter((action) => !isRefusal(action))];
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Whether 404 is an answer too: there is nothing there. */
  readonly gone?: boolean;
}

/** The toxic that carries out an action. */
function toxicFor(action: Action): { readonly name: string } {
  return Object.assign({ name: toxicName(action), stream: "upstream", toxicity: 1 }, toxicOf(action));
}

function toxicOf(action: Action): { readonly type: string; readonly attributes: Readonly<Record<string, number>> } {
  switch (action.capability) {
    case "link.stall":
      return { type: "stall", attributes: {} };
    case "link.blackhole":
      // The built-in one's own type: nothing gets through, not even a close. Toxiproxy has the nearest in `timeout` 0.
      return { type: "blackhole", attributes: {} };
    case "link.reset":
      return { type: "reset", attributes: {} };
    case "link.latency":
      return {
        type: "latency",
        attributes: {
          latency: Math.round(numberOf(action, "delayMs")),
          jitter: Math.round(numberOf(action, "jitterMs")),
          seed: numberOf(action, "seed"),
        },
      };
    case "link.bandwidth":
      return { type: "bandwidth", attributes: { rate: numberOf(action, "rateKBs") } };
    case "link.corrupt":
      // Attributes are whole numbers: the rate goes in millionths.
      return {
        type: "corrupt",
        attributes: { rate: Math.round(numberOf(action, "rate") * 1e6), seed: numberOf(action, "seed") },
      };
    default:
      throw new TypeError(`${action.id} is not carried out by a toxic`);
  }
}

/** From the action's id, so that overlapping faults never undo each other; without what a URL path would trip over. */
function toxicName(action: Action): string {
  return action.id.replaceAll("/", ".").replaceAll(">", "-");
}

function proxyPath(name: string): string {
  return `/proxies/${encodeURIComponent(name)}`;
}

function apiError(message: string): HarnessError {
  return new HarnessError(`the proxy of the links: ${message}`, {
    code: "proxy-refused",
    exit: "unavailable",
    next: "check that the proxy runs and knows this kind of cut; the built-in one knows all of them",
  });
}
