import { ApiError } from "./api-error.ts";
import { Fields, parseList } from "./fields.ts";
import type { ProxySpec } from "./tcp-proxy.ts";

const empty: ProxySpec = { name: "", listen: "", upstream: "", enabled: true };

/** A proxy from a request; what is absent stays as in `current`. Throws `ApiError` 400. */
export function parseProxyChange(body: unknown, current: ProxySpec): ProxySpec {
  const fields = new Fields(body, "Proxy");
  return {
    name: fields.text("name", current.name),
    listen: fields.text("listen", current.listen),
    upstream: fields.text("upstream", current.upstream),
    enabled: fields.flag("enabled", current.enabled),
  };
}

/** A new proxy from a request; `enabled` unless told. Throws `ApiError` 400. */
export function parseProxy(body: unknown): ProxySpec {
  return complete(parseProxyChange(body, empty), "");
}

/** The proxies of a populate. Throws `ApiError` 400 that counts from 1, before anything is created. */
export function parseProxies(body: unknown): readonly ProxySpec[] {
  const specs = parseList(body, "Proxy").map((item) => parseProxyChange(item, empty));
  return specs.map((spec, index) => complete(spec, ` at proxy ${index + 1}`));
}

function complete(spec: ProxySpec, place: string): ProxySpec {
  for (const field of ["name", "upstream"] as const) {
    if (spec[field] === "") throw new ApiError(400, `missing required field: ${field}${place}`);
  }
  return spec;
}
