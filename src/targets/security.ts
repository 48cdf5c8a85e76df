import type { Credentials, Target } from "../core/target.ts";
import type { TlsMaterial } from "../core/transports.ts";
import { readText, reveal } from "./secrets.ts";

/** The header that shows a target's credentials, or none. Throws `HarnessError` (exit 69) for a secret that is not there. */
export function credentialHeaders(credentials: Credentials | null): Readonly<Record<string, string>> {
  switch (credentials?.kind) {
    case undefined:
      return {};
    case "bearer":
      return { authorization: `Bearer ${reveal(credentials.token)}` };
    case "basic": {
      const pair = `${credentials.user}:${reveal(credentials.password)}`;
      return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
    }
    case "header":
      return { [credentials.name.toLowerCase()]: reveal(credentials.value) };
  }
}

/** What a target's TLS connections are made with, read from its files; null where no port speaks TLS. Throws `HarnessError` (exit 69) for a file that cannot be read. */
export function tlsMaterial({ tls }: Target): TlsMaterial | null {
  if (tls === null) return null;
  const read = (file: string | null): string | null => (file === null ? null : readText(file));
  const { serverName, verify } = tls;
  return { ca: read(tls.ca), certificate: read(tls.certificate), key: read(tls.key), serverName, verify };
}
