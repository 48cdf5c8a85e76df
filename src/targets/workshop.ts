import type { Driver } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { LinkDriver, ProxyPlace } from "../core/link-driver.ts";
import type { LinkProxyServer, ProxyKind } from "../core/link-proxy.ts";
import type { MachineTraces } from "../core/machine-traces.ts";
import type { NodeAccess } from "../core/node-access.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import type { Target } from "../core/target.ts";
import type { OpenTransports, TlsMaterial } from "../core/transports.ts";

interface NodeProcessStart {
  readonly node: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  readonly logFile: string;
}

/** Something that was opened, and its end; harmless when repeated. */
export type Disposable = { dispose(signal: AbortSignal): Promise<void> };

/** What starting a target needs of the drivers; the harness hands them in. */
export interface Workshop {
  /** Ports that stay this run's until they are disposed of, also while nobody listens on them. */
  ports(): Disposable & { take(count: number): Promise<readonly number[]> };
  /** Starts a server for the links of a run; `port` is for its API, where it does not choose one itself. Throws `HarnessError` (exit 69). */
  startProxy(
    server: {
      readonly by: Exclude<LinkProxyServer["by"], "url">;
      readonly run: string;
      readonly port: number;
      readonly send: HttpTransport;
    },
    signal: AbortSignal,
  ): Promise<
    Disposable & {
      readonly url: string;
      readonly process: ProcessIdentity;
      onLost(listener: (how: string) => void): void;
    }
  >;
  /** Speaks to a server of that kind. */
  links(
    kind: ProxyKind,
    server: {
      readonly url: string;
      readonly run: string;
      readonly send: HttpTransport;
      readonly place: ProxyPlace;
    },
  ): LinkDriver;
  /** That a proxy of a link takes connections at `host:port`. Throws `HarnessError` (exit 69). */
  reachable(address: string, signal: AbortSignal): Promise<void>;
  processes(
    run: string,
    onExit: (exit: { readonly node: string; readonly code: number | null; readonly signal: string | null }) => void,
  ): Driver & NodeAccess & Disposable & { start(process: NodeProcessStart): ProcessIdentity };
  /** What acts on those nodes beside ending and stopping them. */
  rig(parts: {
    readonly run: string;
    readonly folder: string;
    readonly target: Target;
    readonly prepare: readonly Capability[];
    readonly processes: Driver & NodeAccess;
  }): Disposable & {
    /** Before a node is first started: makes its disk; gives what its environment needs. Throws `HarnessError` (exit 69). */
    prepare(node: string, dataFolder: string): Readonly<Record<string, string>>;
    driver(capability: Capability): Driver | null;
  };
  readonly traces: MachineTraces;
  http(): { readonly send: HttpTransport; close(): Promise<void> };
  /** What operations of a target are asked over; null: no port speaks TLS. */
  transports(tls: TlsMaterial | null): OpenTransports;
}
