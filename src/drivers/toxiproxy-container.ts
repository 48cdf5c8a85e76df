import type * as Testcontainers from "testcontainers";
import { systemClock } from "../core/clock.ts";
import { runTag } from "../core/environment.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import { until, within } from "../core/wait.ts";
import { goBefore, identify } from "./proc.ts";
import type { ProxyProcess } from "./proxy-process.ts";
import { answers, notStarted, type ToxiproxyStart } from "./toxiproxy-process.ts";

/** The image that is started where there is no program. */
export const toxiproxyImage = "ghcr.io/shopify/toxiproxy:2.12.0";

/** From the image, which may have to be fetched, to the first answer, in ms. */
const startLimitMs = 120_000;
const goneLimitMs = 10_000;
/** A runtime that takes longer to answer, in ms, counts as none. */
const askLimitMs = 5000;
const notFound = 404;

/** By which name a run's container is found, also by who heals it. */
export function containerName(run: string): string {
  return `prism-chaos-${run}`;
}

/**
 * Starts the image on the host's network, so that it reaches nodes on loopback, by testcontainers, which is loaded here alone. It carries the run's tag in its
 * environment and removes itself when it ends, however that comes; the reaper of testcontainers is not used. Throws `HarnessError` (exit 69).
 */
export async function startToxiproxyContainer(
  { run, port, send }: ToxiproxyStart,
  signal: AbortSignal,
): Promise<ProxyProcess> {
  const limited = within(startLimitMs, signal);
  const dispose = (): Promise<void> => removeContainer(run);
  let isDisposed = false;
  try {
    const { getContainerRuntimeClient } = await loadTestcontainers();
    const client = await getContainerRuntimeClient();
    const container = await unlessAborted((await described(run, port)).start(), limited);
    const running = client.container.getById(container.getId());
    const started = identify((await running.inspect()).State.Pid);
    if (started === null) throw new Error("its process is not on this machine");
    let hasEnded = false;
    const ended = running.wait().then(
      () => (hasEnded = true),
      () => (hasEnded = true),
    );
    goBefore(started.pid);
    const url = `http://127.0.0.1:${port}`;
    await answers({ url, send, hasEnded: () => hasEnded }, limited);
    if (hasEnded) throw new Error("it ended at once");
    const onLost = (listener: (how: string) => void): void =>
      void ended.then(() => (isDisposed ? undefined : listener("the container ended")));
    return {
      url,
      process: started,
      onLost,
      dispose: () => {
        isDisposed = true;
        return dispose();
      },
    };
  } catch (thrown) {
    await dispose().catch(() => undefined);
    throw thrown instanceof HarnessError ? thrown : notStarted(`a container of ${toxiproxyImage}`, thrown);
  }
}

/** Removes a run's container, whatever state it is in; harmless where there is none. Throws if it is there and would not go. */
export async function removeContainer(run: string): Promise<void> {
  const { getContainerRuntimeClient } = await loadTestcontainers();
  const container = (await getContainerRuntimeClient()).container.getById(containerName(run));
  const isGone = async (): Promise<boolean> => {
    try {
      await container.inspect();
      return false;
    } catch (thrown) {
      if (statusOf(thrown) === notFound) return true;
      throw thrown;
    }
  };
  if (await isGone()) return;
  // While it removes itself the runtime refuses (409); whether it went is looked at, not what was answered.
  const refused = await container.remove({ force: true }).then(
    () => null,
    (thrown: unknown) => messageOf(thrown),
  );
  const signal = AbortSignal.timeout(2 * goneLimitMs);
  if (await until(isGone, { clock: systemClock, signal, limitMs: goneLimitMs, everyMs: 50 })) return;
  throw new Error(`container ${containerName(run)} is still there${refused === null ? "" : `: ${refused}`}`);
}

/** Why no container can be started here, or null: testcontainers is there, and a container runtime answers it. */
export async function containerProblem(): Promise<string | null> {
  try {
    const { getContainerRuntimeClient } = await loadTestcontainers();
    await unlessAborted(getContainerRuntimeClient(), AbortSignal.timeout(askLimitMs));
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

async function described(run: string, port: number): Promise<Testcontainers.GenericContainer> {
  const { GenericContainer: Container, Wait } = await loadTestcontainers();
  // Its own "auto remove" is only about `stop`: this one is the runtime's, and holds for a killed process too.
  class SelfRemoving extends Container {
    protected override beforeContainerCreated(): Promise<void> {
      this.hostConfig.AutoRemove = true;
      return Promise.resolve();
    }
  }
  return new SelfRemoving(toxiproxyImage)
    .withName(containerName(run))
    .withLabels({ "prism-chaos.run": run })
    .withEnvironment({ [runTag]: run })
    .withNetworkMode("host")
    .withCommand(["-host=127.0.0.1", `-port=${port}`])
    .withAutoCleanup(false)
    .withWaitStrategy(Wait.forLogMessage(/Starting Toxiproxy/i))
    .withStartupTimeout(startLimitMs);
}

async function loadTestcontainers(): Promise<typeof Testcontainers> {
  try {
    return await import("testcontainers");
  } catch (thrown) {
    throw new HarnessError("testcontainers is not installed, by which a Toxiproxy would be started in a container", {
      code: "no-testcontainers",
      exit: "unavailable",
      next: "npm install testcontainers, put toxiproxy-server in the PATH, or use --proxy builtin",
      cause: thrown,
    });
  }
}

/** What takes no signal is left to itself when the signal aborts; what it may have started by then is removed by its name. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function statusOf(thrown: unknown): number | null {
  return thrown instanceof Error && "statusCode" in thrown && typeof thrown.statusCode === "number"
    ? thrown.statusCode
    : null;
}
