import type { TlsMaterial } from "../core/transports.ts";

/** How Node's clients are told about TLS. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** The options of a TLS connection; none: certificates are verified against those that Node trusts. */
export function tlsOptions(tls: TlsMaterial | null): TlsOptions {
  if (tls === null) return { rejectUnauthorized: true };
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.certificate === null ? {} : { cert: tls.certificate }),
    ...(tls.key === null ? {} : { key: tls.key }),
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
  };
}
