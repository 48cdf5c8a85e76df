import { environmentVariable, secretsInEnvironment } from "./core/environment.ts";
import { percentDecoded } from "./core/percent-decoded.ts";
import { type Redaction, redaction } from "./core/redaction.ts";
import type { Delivered } from "./publishing/deliver.ts";

// The part of the composition root that keeps addresses and tokens out of what `publish` says: a place may answer with both.

/** Of an answer no more is told, in characters. */
const longestAnswer = 2000;

/** The token for a place; null: there is none. */
export function tokenOf(place: Place): string | null {
  return environmentVariable(`PRISM_CHAOS_${place}_TOKEN`);
}

const places = ["DASHBOARD", "OTLP", "PUSHGATEWAY", "GRAFANA"] as const;
/** A place, as the variable of its token names it. */
export type Place = (typeof places)[number];

/** Takes out addresses, whole and in the parts that a server knows of them, tokens, and whatever else in the environment is named as a secret. */
export function placesHidden(urls: readonly (string | undefined)[]): Redaction {
  const tokens = places.map((place) => tokenOf(place) ?? "");
  return redaction([...urls.flatMap((url) => partsOf(url ?? "")), ...tokens, ...secretsInEnvironment()]);
}

/** A delivery without any of it. The answer is cut only then: of a secret that is cut the rest would not be known. */
export function hiddenDelivery(delivered: Delivered, hide: Redaction): Delivered {
  const { problem, body } = delivered;
  return { ...delivered, problem: hide.text(problem), body: hide.text(body).slice(0, longestAnswer) };
}

function partsOf(text: string): readonly string[] {
  const url = URL.parse(text);
  if (url === null) return [text];
  const { href, origin, pathname, search, username, password, searchParams } = url;
  const path = pathname.replace(/\/$/, "");
  return [
    text,
    href,
    `${origin}${path}`,
    `${path}${search}`,
    path,
    search,
    username,
    password,
    ...[username, password].map(percentDecoded),
    `${percentDecoded(username)}:${percentDecoded(password)}`,
    ...searchParams.values(),
  ];
}
