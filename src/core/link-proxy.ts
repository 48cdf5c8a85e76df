import { type Capability, capabilityNames } from "./capability.ts";
import { isObject, type Json } from "./json.ts";

/** The two programs that can stand on links: the one that comes with prism-chaos, and Toxiproxy's own server. */
export const proxyKinds = ["builtin", "toxiproxy"] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** How a proxy is come by: started for the run (the built-in one, a Toxiproxy server by its binary or as a container), or there already. */
export const proxyOrigins = ["builtin", "binary", "container", "url"] as const;
export type ProxyOrigin = (typeof proxyOrigins)[number];

/** What a program that stands on links can and cannot do. */
interface ProxyAbilities {
  readonly name: string;
  /** Capabilities of links that it does not have, each with the reason. */
  readonly lacks: Readonly<Partial<Record<Capability, string>>>;
  /** Whether a link that is stalled may have another toxic at the same time. */
  readonly stallsBesideOthers: boolean;
  /** Whether draws of a toxic follow a seed that it is given. */
  readonly isSeeded: boolean;
}

/** Which proxy has which capabilities of links. Measured on Toxiproxy 2.12.0 (test/real/toxiproxy.test.ts). */
export const proxyAbilities: Readonly<Record<ProxyKind, ProxyAbilities>> = {
  builtin: { name: "the built-in proxy", lacks: {}, stallsBesideOthers: true, isSeeded: true },
  toxiproxy: {
    name: "a real Toxiproxy",
    lacks: {
      "link.corrupt": "it has no toxic that changes bytes",
      "link.reset": "its reset_peer ends live connections without a reset, and idle ones not at all",
    },
    // Its stall is a bandwidth of 0. With any toxic in front of that its API hangs (toxiproxy#412, toxiproxy#558).
    stallsBesideOthers: false,
    isSeeded: false,
  },
};

/** The oldest server that is spoken to: it takes all proxies in one call. */
export const oldestToxiproxy = "2.1.0";

/** The proxy of a run, after it was looked for. */
export type LinkProxyServer =
  /** The built-in one, or a Toxiproxy server (by its binary or as a container): a process that is started for the run. */
  | { readonly by: "builtin" | "binary" | "container" }
  /** One that is there already, and is not ours to end. */
  | { readonly by: "url"; readonly url: string; readonly kind: ProxyKind; readonly version: string };

/** Reads such a value where it was written by another process of ours; null where it is none. */
export function parseLinkProxy(value: Json | undefined): LinkProxyServer | null {
  if (!isObject(value)) return null;
  const { by, url, kind, version } = value;
  if (by === "builtin" || by === "binary" || by === "container") return { by };
  if (by !== "url" || typeof url !== "string" || typeof version !== "string") return null;
  return kind === "builtin" || kind === "toxiproxy" ? { by, url, kind, version } : null;
}

/** Which program that is. */
export function kindOf(server: LinkProxyServer): ProxyKind {
  if (server.by === "url") return server.kind;
  return server.by === "builtin" ? "builtin" : "toxiproxy";
}

/** The proxy in words. */
export function proxyText(server: LinkProxyServer): string {
  if (server.by !== "url") return proxyOriginText(server.by, kindOf(server));
  const version = server.kind === "toxiproxy" ? `, version ${server.version}` : "";
  return `${proxyAbilities[server.kind].name} at ${server.url}${version}`;
}

/** The kind of a proxy and how it was come by, in words. */
export function proxyOriginText(by: ProxyOrigin, kind: ProxyKind): string {
  switch (by) {
    case "builtin":
      return proxyAbilities.builtin.name;
    case "binary":
      return "a real Toxiproxy, started for the run (toxiproxy-server)";
    case "container":
      return "a real Toxiproxy, started for the run in a container";
    case "url":
      return `${proxyAbilities[kind].name} that was there already`;
  }
}

/** The capabilities among these that a proxy lacks, each with the reason. */
export function lackedBy(kind: ProxyKind, capabilities: Iterable<Capability>): readonly string[] {
  const { name, lacks } = proxyAbilities[kind];
  return [...capabilities].flatMap((capability) => {
    const reason = lacks[capability];
    return reason === undefined ? [] : [`${name} lacks ${capability} (${reason})`];
  });
}

/** The capabilities of links that a proxy has. */
export function linkCapabilitiesOf(kind: ProxyKind): readonly Capability[] {
  const { lacks } = proxyAbilities[kind];
  return capabilityNames.filter((name) => name.startsWith("link.") && lacks[name] === undefined);
}
