import type { Driver, Link } from "./action.ts";

/** A port on which a proxy is told to listen, and the one by which it is reached: two, where a container's ports are mapped. */
export interface PortPair {
  readonly listen: number;
  readonly reach: number;
}

/** Where proxies of a server listen, and where they are reached: two things, where the server is not on this machine's own network. */
export interface ProxyPlace {
  /** The host on which the server is told to listen. */
  readonly listenHost: string;
  /** The host by which nodes reach it. */
  readonly reachHost: string;
  /** The only ports that can be reached, one proxy each; null: any, and by the same number. */
  readonly mapped: readonly PortPair[] | null;
}

/** A server on this machine's own network: where it listens it is reached. */
export const hereOnLoopback: ProxyPlace = { listenHost: "127.0.0.1", reachHost: "127.0.0.1", mapped: null };

/** One proxy on one directed link: the dialler connects to where it is reached, and its bytes go on to `upstream`. */
export interface LinkProxy {
  readonly link: Link;
  /** A port of ours to listen on, where none are mapped. Not 0: while a refused link is closed, its port must not be given to anybody else. */
  readonly port: number;
  /** `host:port` of the node, as the proxy's server reaches it. */
  readonly upstream: string;
}

/** Carries out `link.*` on one server, whoever's; every call of its API has a limit, and every change is read back. */
export interface LinkDriver extends Driver {
  /** Puts a proxy on each link, all in one call. Answers where the dialling node reaches each: `host:port` by link name. */
  populate(links: readonly LinkProxy[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Removes the proxies of this run; those of others stay. */
  dispose(signal: AbortSignal): Promise<void>;
}
