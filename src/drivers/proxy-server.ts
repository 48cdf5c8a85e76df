import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { oldestToxiproxy, type ProxyKind } from "../core/link-proxy.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import { atPointer } from "../core/json.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { within } from "../core/wait.ts";
import { callLimitMs, ProxyApi } from "./proxy-api.ts";

/** What answers at a URL: which program, of which version; or why it cannot be used. */
export type FoundServer =
  { readonly kind: ProxyKind; readonly version: string } | { readonly problem: string; readonly next: string };

/** Asks a URL which proxy it is: the built-in one alone has a list of links. Throws nothing but the signal's reason. */
export async function askProxyServer(url: string, send: HttpTransport, signal: AbortSignal): Promise<FoundServer> {
  const api = new ProxyApi({ url, send });
  try {
    const version = await api.call({ method: "GET", path: "/version" }, signal);
    const links = await api.call({ method: "GET", path: "/prism/links", gone: true }, signal);
    // Before 2.7.0 it is bare text.
    const told = atPointer(version.body, "/version");
    return usable(
      links.status === 404 ? "toxiproxy" : "builtin",
      typeof told === "string" ? told : version.text.trim(),
    );
  } catch (thrown) {
    signal.throwIfAborted();
    return {
      problem: messageOf(thrown),
      next: `start it (toxiproxy-server -host 127.0.0.1 -port 8474), or leave it out for the built-in proxy; it has ${callLimitMs / 1000} s to answer`,
    };
  }
}

function usable(kind: ProxyKind, version: string): FoundServer {
  if (!isOlder(version, oldestToxiproxy)) return { kind, version };
  return {
    problem: `it says version ${version}; needed is ${oldestToxiproxy} or later, which takes all proxies in one call`,
    next: "take a later Toxiproxy, or leave it out for the built-in proxy",
  };
}

/** Whether a version's numbers are lower; one that has none, as `git`, is taken for the latest. */
function isOlder(version: string, than: string): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const wanted = than.split(".").map(Number);
  const at = wanted.findIndex((part, index) => part !== parts[index]);
  return at !== -1 && (parts[at] ?? 0) < (wanted[at] ?? 0);
}

/** Whether the host of a URL is this machine: by its loopback, or by an address that it has. A name is looked up. */
export async function isOnThisMachine(url: string): Promise<boolean> {
  const host = new URL(url).hostname.replaceAll(/^\[|\]$/g, "");
  const found = await lookup(host, { all: true }).catch(() => []);
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  return found.length > 0 && found.every(({ address }) => /^(127\.|::1$)/.test(address) || own.includes(address));
}

/** That a proxy of a link takes connections at `host:port`. Throws `HarnessError` (exit 69). */
export async function reachable(address: string, signal: AbortSignal): Promise<void> {
  const at = address.lastIndexOf(":");
  const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
  try {
    await once(socket, "connect", { signal: within(callLimitMs, signal) });
  } catch (thrown) {
    signal.throwIfAborted();
    throw new HarnessError(`the proxy says that it listens on ${address}, and nothing answers there`, {
      code: "proxy-not-reachable",
      exit: "unavailable",
      next: "where it runs in a container, start that on the host's network: nodes and proxies reach each other by 127.0.0.1",
      cause: thrown,
    });
  } finally {
    socket.destroy();
  }
}
