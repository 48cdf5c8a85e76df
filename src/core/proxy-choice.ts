import { HarnessError } from "./harness-error.ts";
import { quoted } from "./printable.ts";
import { didYouMean } from "./suggest.ts";

/** The words by which the proxy of the links is asked for; anything else is the URL of one that is there. */
export const proxyWords = ["auto", "builtin", "toxiproxy"] as const;
type ProxyWord = (typeof proxyWords)[number];

/** What `--proxy` and `proxy:` take, as they were written. */
export type ProxyChoice =
  { readonly kind: ProxyWord; readonly text: string } | { readonly kind: "url"; readonly text: string };

/** The variable that names a Toxiproxy server which is there already; `auto` takes it where it can do what is needed. */
export const toxiproxyVariable = "TOXIPROXY_URL";

/** Which proxy is asked for. `place` is where it was written, as `--proxy`. Throws `HarnessError` (exit 64) for what is neither a word nor a URL. */
export function parseProxyChoice(text: string, place: string): ProxyChoice {
  const word = proxyWords.find((known) => known === text);
  if (word !== undefined) return { kind: word, text };
  if (URL.canParse(text) && new URL(text).protocol === "http:") return { kind: "url", text };
  const meant = text.includes("/") ? `; a URL begins with http://` : didYouMean(text, proxyWords);
  throw new HarnessError(`${place} is ${quoted(text)}: it is auto, builtin, toxiproxy, or a URL${meant}`, {
    code: "no-such-proxy",
    exit: "usage",
    next: "write a server's URL as http://127.0.0.1:8474, or leave it out",
  });
}
