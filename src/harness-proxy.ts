import { serveProxy } from "./proxy/serve.ts";

// The part of the composition root that the proxy's process loads: it must be up fast, so it loads nothing else.

/** Serves the built-in proxy on a free port of loopback until the signal aborts; tells its URL once it listens. */
export async function serveLinks(tell: (url: string) => void, signal: AbortSignal): Promise<void> {
  const { url, closed } = await serveProxy({ host: "127.0.0.1", port: 0, signal });
  tell(url);
  await closed;
}
