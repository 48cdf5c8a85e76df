import { type Capability, capabilityNames } from "./core/capability.ts";
import { environmentVariable } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { kindOf, lackedBy, type LinkProxyServer, proxyAbilities, proxyText } from "./core/link-proxy.ts";
import type { Plan } from "./core/plan.ts";
import { parseProxyChoice, type ProxyChoice, toxiproxyVariable } from "./core/proxy-choice.ts";
import type { Target } from "./core/target.ts";
import { openHttp } from "./drivers/http.ts";
import { askProxyServer, isOnThisMachine } from "./drivers/proxy-server.ts";
import { containerProblem, toxiproxyImage } from "./drivers/toxiproxy-container.ts";
import { toxiproxyFile } from "./drivers/toxiproxy-process.ts";
import { capabilitiesUsed } from "./engine/plan.ts";
import { type LinkWork, linkWork } from "./engine/link-work.ts";
import { faults } from "./faults/index.ts";
import type { AskedSeries } from "./harness-series.ts";

// The part of the composition root that finds the proxy for the links of a plan, before anything is started.

/** The proxy that a plan gets, and what is to be said of it; or why the one that was asked for cannot be had. */
export type ProxyFound =
  | { readonly proxy: LinkProxyServer; readonly notes: readonly string[] }
  | { readonly refusal: string; readonly next: string };

/** What links are asked to bear. */
interface Wanted extends LinkWork {
  readonly capabilities: ReadonlySet<Capability>;
}

const builtin = { by: "builtin" } as const;
const hasIt = "--proxy builtin has it";

/** Finds the proxies of plans: of each server and of this machine it is asked once, however many plans there are. */
export class ProxyFinder {
  readonly #signal: AbortSignal;
  readonly #asked = new Map<string, Promise<ProxyFound>>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The proxy of a plan. */
  async forPlan(
    choice: ProxyChoice,
    { plan, target }: { readonly plan: Plan; readonly target: Target },
  ): Promise<ProxyFound> {
    // Without a link nothing is put anywhere, whatever was asked for.
    if (plan.links.length === 0) return { proxy: builtin, notes: [] };
    const capabilities = new Set([...capabilitiesUsed(plan, faults), ...plan.needs.capabilities]);
    return this.#find(choice, { capabilities, ...linkWork(plan, { faults, files: target.files }) });
  }

  /** The proxy of a playground, whose faults come by hand: `auto` takes only a server that has everything. */
  async forPlayground(choice: ProxyChoice): Promise<ProxyFound> {
    const capabilities = new Set(choice.kind === "auto" ? capabilityNames : []);
    return this.#find(choice, { capabilities, besideStalls: [], hasJitter: false });
  }

  async #find(choice: ProxyChoice, wanted: Wanted): Promise<ProxyFound> {
    switch (choice.kind) {
      case "builtin":
        return { proxy: builtin, notes: [] };
      case "url":
        return fitting(await this.#serverAt(choice.text), wanted);
      case "toxiproxy":
        return fitting(await this.#once("toxiproxy", startable), wanted);
      case "auto":
        return this.#named(wanted);
    }
  }

  /** The server that the environment names, where it can do all; else the built-in one. */
  async #named(wanted: Wanted): Promise<ProxyFound> {
    const text = environmentVariable(toxiproxyVariable);
    if (text === null) return { proxy: builtin, notes: [] };
    const choice = parseProxyChoice(text, toxiproxyVariable);
    if (choice.kind === "auto") return { proxy: builtin, notes: [] };
    if (choice.kind !== "url") return this.#find(choice, wanted);
    const found = fitting(await this.#serverAt(text), wanted);
    if ("proxy" in found) return { ...found, notes: found.notes.map((note) => `${note} (${toxiproxyVariable})`) };
    return { proxy: builtin, notes: [`the built-in proxy; ${toxiproxyVariable} was passed over: ${found.refusal}`] };
  }

  #serverAt(url: string): Promise<ProxyFound> {
    return this.#once(url, () => serverAt(url, this.#signal));
  }

  #once(what: string, look: () => Promise<ProxyFound>): Promise<ProxyFound> {
    const looked = this.#asked.get(what) ?? look();
    this.#asked.set(what, looked);
    return looked;
  }
}

/** The proxy of a playground. Throws `HarnessError` (exit 69) where it cannot be had. */
export async function proxyForPlayground(choice: ProxyChoice, signal: AbortSignal): Promise<LinkProxyServer> {
  const found = await new ProxyFinder(signal).forPlayground(choice);
  if ("proxy" in found) return found.proxy;
  throw refused(found);
}

/** The proxies of all plans, and what is to be said of them, each once. Throws `HarnessError` (exit 69) for the first that cannot be had. */
export async function proxiesFor(
  series: readonly (Pick<AskedSeries, "proxy" | "request"> & { readonly plans: readonly Plan[] })[],
  signal: AbortSignal,
): Promise<{ readonly proxies: ReadonlyMap<Plan, LinkProxyServer>; readonly notes: readonly string[] }> {
  const finder = new ProxyFinder(signal);
  const proxies = new Map<Plan, LinkProxyServer>();
  const notes = new Set<string>();
  for (const { proxy: choice, plans, request } of series) {
    for (const plan of plans) {
      const found = await finder.forPlan(choice, { plan, target: request.target });
      if (!("proxy" in found)) throw refused(found);
      proxies.set(plan, found.proxy);
      for (const note of found.notes) notes.add(note);
    }
  }
  return { proxies, notes: [...notes] };
}

/** What `--proxy` has to say so that a run is repeated on the same proxy; null: nothing. */
export function sameProxy(choice: ProxyChoice, proxy: LinkProxyServer): string | null {
  if (proxy.by === "url") return proxy.url;
  if (proxy.by !== "builtin") return "toxiproxy";
  return choice.kind === "builtin" ? "builtin" : null;
}

/** Whether a proxy can do what is wanted of it. */
function fitting(found: ProxyFound, wanted: Wanted): ProxyFound {
  if (!("proxy" in found)) return found;
  const { proxy } = found;
  const kind = kindOf(proxy);
  const lacked = [...lackedBy(kind, wanted.capabilities)];
  const { name, stallsBesideOthers, isSeeded } = proxyAbilities[kind];
  if (!stallsBesideOthers && wanted.besideStalls.length > 0) {
    lacked.push(`${name} needs a stall to be alone on its link (${wanted.besideStalls.join(", ")} at the same time)`);
  }
  if (lacked.length > 0) return { refusal: lacked.join("; "), next: hasIt };
  const unseeded =
    !isSeeded && wanted.hasJitter ? "; its jitter follows no seed: it is drawn there, anew in each run" : "";
  return { proxy, notes: [`${proxyText(proxy)}${unseeded}`] };
}

/** The server at a URL. */
async function serverAt(url: string, signal: AbortSignal): Promise<ProxyFound> {
  const http = openHttp();
  try {
    const found = await askProxyServer(url, http.send, signal);
    if ("problem" in found)
      return { refusal: `the proxy at ${url} cannot be used: ${found.problem}`, next: found.next };
    if (!(await isOnThisMachine(url))) {
      return {
        refusal: `the nodes are on 127.0.0.1, which the proxy at ${url} does not reach: it is not on this machine`,
        next: "start it on this machine, or --proxy toxiproxy or builtin",
      };
    }
    return { proxy: { by: "url", url, ...found }, notes: [] };
  } finally {
    await http.close();
  }
}

/** How a real server can be started here. */
async function startable(): Promise<ProxyFound> {
  if (toxiproxyFile() !== null) return { proxy: { by: "binary" }, notes: [] };
  const problem = await containerProblem();
  if (problem === null) return { proxy: { by: "container" }, notes: [] };
  return {
    refusal: `no real Toxiproxy can be started here: there is no toxiproxy-server in the PATH, and no container (${problem})`,
    next: `get toxiproxy-server (https://github.com/Shopify/toxiproxy/releases), or Docker for ${toxiproxyImage} and \`npm install testcontainers\`; --proxy builtin needs none of it`,
  };
}

function refused({ refusal, next }: { readonly refusal: string; readonly next: string }): HarnessError {
  return new HarnessError(refusal, { code: "proxy-lacks", exit: "unavailable", next });
}
