import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { systemCodeOf } from "../core/harness-error.ts";
import { ApiError } from "./api-error.ts";

/** Where to connect or to listen. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`, `[v6]:port` and `:port` (an empty host); null if it is none of them. */
export function parseAddress(text: string): HostPort | null {
  const match = /^(?:\[(?<v6>[^\]]*)\]|(?<host>[^:]*)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.["port"]);
  if (match === null || port > 65_535) return null;
  return { host: match.groups?.["v6"] ?? match.groups?.["host"] ?? "", port };
}

/** The inverse of `parseAddress`. */
export function formatAddress({ host, port }: HostPort): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The address that a `listen` field stands for: IPv4 first for names, and `::` (both families) for the wildcards, as in the real one.
 * Throws `ApiError` 500 if it is no address or the name is unknown.
 */
export async function resolveListen(listen: string): Promise<HostPort> {
  if (listen !== "" && !listen.includes(":")) {
    throw new ApiError(500, `listen tcp: address ${listen}: missing port in address`);
  }
  const address = parseAddress(listen === "" ? ":0" : listen);
  if (address === null) throw new ApiError(500, `listen tcp: address ${listen}: invalid port`);
  const { host, port } = address;
  if (host === "" || host === "0.0.0.0") return { host: "::", port };
  // Needs no resolver (RFC 6761), which a thousand proxies would queue for.
  if (host === "localhost") return { host: "127.0.0.1", port };
  if (isIP(host) !== 0) return { host, port };
  try {
    const found = await lookup(host, { order: "ipv4first" });
    return { host: found.address, port };
  } catch (cause) {
    const reason = systemCodeOf(cause) === "ENOTFOUND" ? "no such host" : (systemCodeOf(cause) ?? "no answer");
    throw new ApiError(500, `listen tcp: lookup ${host}: ${reason}`, { cause });
  }
}
