import type { Fleet } from "./fleet.ts";
import { Ledger, type Way } from "./ledger.ts";

/** Which metrics are served; with neither there is no such route. */
export interface MetricsWanted {
  /** Bytes by proxy, listener, upstream and direction, under the real one's names. */
  readonly proxy: boolean;
  /** Of this process: memory, CPU, descriptors, event loop. */
  readonly runtime: boolean;
}

/** What a scrape gets. */
export interface Metrics {
  readonly type: string;
  readonly render: () => Promise<string>;
}

const labelNames = ["direction", "listener", "proxy", "upstream"] as const;

/** Metrics in Prometheus' text format; null if none are wanted. Bytes count live, not only when a connection ends, as the real one's do. */
export async function openMetrics(wanted: MetricsWanted, fleet: Fleet, past: Ledger): Promise<Metrics | null> {
  if (!wanted.proxy && !wanted.runtime) return null;
  // Loaded here, because most proxies are started without and must be up fast.
  const { Counter, collectDefaultMetrics, Registry } = await import("prom-client");
  const registry = new Registry();
  if (wanted.runtime) collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, of: "receivedBytes" | "deliveredBytes"): void => {
    const bytes = new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        bytes.reset();
        for (const { way, traffic } of allOf(fleet, past)) bytes.inc(labelsOf(way), traffic[of]);
      },
    });
  };
  if (wanted.proxy) {
    counter("toxiproxy_proxy_received_bytes_total", "Bytes read from the sender.", "receivedBytes");
    counter("toxiproxy_proxy_sent_bytes_total", "Bytes that the system took for the receiver.", "deliveredBytes");
  }
  return { type: registry.contentType, render: () => registry.metrics() };
}

/** What went which way so far, connections that are there included. */
function allOf(fleet: Fleet, past: Ledger): ReturnType<Ledger["entries"]> {
  const all = new Ledger();
  for (const { way, traffic } of past.entries()) all.add(way, traffic);
  for (const proxy of fleet.all()) proxy.addTo(all);
  return all.entries();
}

function labelsOf({ direction, proxy, listener, upstream }: Way): Record<(typeof labelNames)[number], string> {
  return { direction, listener, proxy, upstream };
}
