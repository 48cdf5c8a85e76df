import { type Action, type Link, linkName, type Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import type { LinkProxy, ProxyPlace } from "../core/link-driver.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { differenceOf, type LinkToxic, toxicName } from "./link-toxic.ts";
import { type ProxyApi, proxyError, proxyPath, type ProxyRead } from "./proxy-api.ts";

/** A server that proxies of links stand on. */
export interface LinkServer {
  readonly url: string;
  readonly run: string;
  readonly send: HttpTransport;
  readonly place: ProxyPlace;
}

/** A proxy as a server is asked to make it. */
export interface ProxyBody {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** How many links are closed or opened at once. The real server answers one call at a time of each proxy, and shares its cores with the traffic. */
export const mostAtOnce = 16;

/** The proxies of one run on a server: their names, where they stand, which are closed, and what is read of them. The same on every server. */
export class LinkProxies {
  readonly #api: ProxyApi;
  readonly #place: ProxyPlace;
  readonly #prefix: string;
  /** Ids of the actions that keep a proxy closed, by its name: it opens when the last one is removed. */
  readonly #refusals = new Map<string, Set<string>>();

  constructor(api: ProxyApi, { run, place }: Pick<LinkServer, "run" | "place">) {
    this.#api = api;
    this.#place = place;
    this.#prefix = `${run}.`;
  }

  nameOf(action: Action): string {
    if (action.subject.kind === "link") return this.#name(action.subject.link);
    throw new TypeError(`${action.id} does not name a link`);
  }

  /** Whether a proxy is this run's. */
  isOurs(name: string): boolean {
    return name.startsWith(this.#prefix);
  }

  /** The proxies as they are to be made. Throws `HarnessError` (exit 69) for more links than the place has ports. */
  bodies(links: readonly LinkProxy[]): readonly ProxyBody[] {
    const { listenHost, mapped } = this.#place;
    if (mapped !== null && links.length > mapped.length) {
      throw new HarnessError(`${links.length} links need a port each, and the proxy has ${mapped.length}`, {
        code: "too-few-ports",
        exit: "unavailable",
        next: "use fewer nodes, or --proxy builtin",
      });
    }
    return links.map(({ link, port, upstream }, index) => ({
      name: this.#name(link),
      listen: `${listenHost}:${mapped?.[index]?.listen ?? port}`,
      upstream,
    }));
  }

  /** Reads back what was populated: each there, enabled, on its port, to its upstream. Answers where each is reached. Throws `HarnessError` (exit 69). */
  async placed(links: readonly LinkProxy[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const found = await this.#api.proxies(signal);
    const bodies = this.bodies(links);
    const problems = bodies.flatMap((body) => placeProblem(body, found.get(body.name)) ?? []);
    if (problems.length > 0) {
      throw new HarnessError(
        `the proxy made ${links.length - problems.length} of ${links.length} links: ${problems[0]}`,
        {
          code: "links-missing",
          exit: "unavailable",
          next: `look at ${this.#api.url}/proxies`,
        },
      );
    }
    const { reachHost, mapped } = this.#place;
    return new Map(
      links.map(({ link, port }, index) => [linkName(link), `${reachHost}:${mapped?.[index]?.reach ?? port}`]),
    );
  }

  async capture(batch: readonly Action[], signal: AbortSignal): Promise<readonly JsonObject[]> {
    const found = await this.#api.proxies(signal);
    return batch.map((action) => ({ enabled: found.get(this.nameOf(action))?.enabled ?? null }));
  }

  /** Closes the proxies of these actions. */
  async refuse(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    await inTurns(batch, async (action) => {
      const name = this.nameOf(action);
      this.#refusals.set(name, (this.#refusals.get(name) ?? new Set()).add(action.id));
      await this.#enable(name, false, signal);
    });
  }

  /** Opens those that no other action keeps closed. Answers which were opened. */
  async admit(batch: readonly Action[], signal: AbortSignal): Promise<readonly string[]> {
    for (const action of batch) this.#refusals.get(this.nameOf(action))?.delete(action.id);
    const names = new Set(batch.map((action) => this.nameOf(action)));
    const free = [...names].filter((name) => (this.#refusals.get(name)?.size ?? 0) === 0);
    await inTurns(free, (name) => this.#enable(name, true, signal));
    return free;
  }

  /** What is there otherwise than was asked for, one sentence each. */
  async differences(asked: Asked, signal: AbortSignal): Promise<readonly string[]> {
    const found = await this.#api.proxies(signal);
    const isEnabled = (name: string): boolean | null => found.get(name)?.enabled ?? null;
    const toxics = asked.toxics.flatMap(({ proxy, toxic }) => {
      const difference = differenceOf(found.get(proxy), toxic);
      return difference === null ? [] : [`${proxy}: ${difference}`];
    });
    const left = asked.without.flatMap(({ proxy, name }) =>
      found.get(proxy)?.toxics.some((toxic) => toxic.name === name) === true
        ? [`${proxy}: ${name} was removed, and is there`]
        : [],
    );
    const open = asked.closed.flatMap((name) =>
      isEnabled(name) === false ? [] : [`${name}: enabled false was sent, and it is ${String(isEnabled(name))}`],
    );
    const shut = asked.opened.flatMap((name) =>
      isEnabled(name) === false ? [`${name}: enabled true was sent, and it is false`] : [],
    );
    return [...toxics, ...left, ...open, ...shut];
  }

  /** Reads a change back. Throws `HarnessError` (exit 69) with what was sent and what is there. */
  async readBack(asked: Partial<Asked>, signal: AbortSignal): Promise<void> {
    const told = await this.differences({ toxics: [], without: [], closed: [], opened: [], ...asked }, signal);
    if (told.length === 0) return;
    const more = told.length > 3 ? `; and ${told.length - 3} more` : "";
    throw proxyError(`a change did not take: ${told.slice(0, 3).join("; ")}${more}`);
  }

  /** Looks at every action of a batch; a toxic is in force with all the attributes that were sent. */
  async read(
    batch: readonly Action[],
    toxicOf: (action: Action) => LinkToxic,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    const found = await this.#api.proxies(signal);
    return batch.map((action) => {
      const proxy = found.get(this.nameOf(action));
      if (action.capability === "link.refuse") return proxy?.enabled === false ? "in-force" : "absent";
      if (differenceOf(proxy, toxicOf(action)) === null) return "in-force";
      // Something of ours is there, and is not what was sent: neither in force nor gone.
      return proxy?.toxics.some(({ name }) => name === toxicName(action)) === true ? "unreadable" : "absent";
    });
  }

  async #enable(name: string, enabled: boolean, signal: AbortSignal): Promise<void> {
    // To open one that is gone is harmless; to close it is not done.
    await this.#api.call({ method: "POST", path: proxyPath(name), body: { enabled }, gone: enabled }, signal);
  }

  #name(link: Link): string {
    return `${this.#prefix}${link.from}.${link.to}`;
  }
}

/** What is to be there after a change. */
interface Asked {
  readonly toxics: readonly { readonly proxy: string; readonly toxic: LinkToxic }[];
  readonly without: readonly { readonly proxy: string; readonly name: string }[];
  /** Proxies that refuse connections, and those that take them again. */
  readonly closed: readonly string[];
  readonly opened: readonly string[];
}

/** Actions that close a proxy, and those that are toxics. */
export function splitBatch(batch: readonly Action[]): readonly [readonly Action[], readonly Action[]] {
  const isRefusal = ({ capability }: Action): boolean => capability === "link.refuse";
  return [batch.filter(isRefusal), batch.filter((action) => !isRefusal(action))];
}

/** Does something to every item, so many at once; one that fails does not keep the others from being done. Throws `HarnessError` (exit 69). */
export async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  const line = async (): Promise<void> => {
    for (const item of waiting) await act(item).catch((thrown: unknown) => failures.push(thrown));
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, line));
  await eachOf(failures, (failure) => {
    throw failure;
  });
}

/** `0.0.0.0:P` is read back as `[::]:P`, and a name as its address: the port is what must be the one that was sent. */
function placeProblem(sent: ProxyBody, found: ProxyRead | undefined): string | null {
  if (found === undefined) return `${sent.name} is not there`;
  const portOf = (listen: string): string => listen.slice(listen.lastIndexOf(":") + 1);
  if (portOf(found.listen) !== portOf(sent.listen)) {
    return `${sent.name} was to listen on ${sent.listen}, and listens on ${found.listen}`;
  }
  if (found.upstream !== sent.upstream)
    return `${sent.name} was to lead to ${sent.upstream}, and leads to ${found.upstream}`;
  return found.enabled ? null : `${sent.name} is not enabled`;
}
