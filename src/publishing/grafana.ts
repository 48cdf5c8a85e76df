import { wallTimeAfter } from "../core/clock.ts";
import type { Message } from "../core/post.ts";
import type { Report } from "../core/report.ts";
import { placeUnder } from "./place-under.ts";

/** A window in which a fault was in force, as an annotation of Grafana. */
export interface Annotation {
  /** Ms since 1970. */
  readonly time: number;
  readonly timeEnd: number;
  readonly tags: readonly string[];
  readonly text: string;
}

/** Where annotations go. */
export interface Grafana {
  readonly url: string;
  readonly token: string | null;
}

/** An annotation for each fault of a run: from when it was in force until it was gone (or the run's end). */
export function annotationsOf({ faults, plan, run, status }: Report): readonly Annotation[] {
  const at = (ms: number): number => Date.parse(wallTimeAfter(run.startedAt, ms) ?? run.startedAt);
  return faults.map(({ fault, injectedMs, healedMs, cast }) => ({
    time: Math.round(at(injectedMs)),
    timeEnd: healedMs === null ? Date.parse(run.finishedAt) : Math.round(at(healedMs)),
    tags: [
      "prism-chaos",
      `run:${run.id}`,
      `fault:${fault}`,
      `scenario:${plan.scenario.name}`,
      `variant:${plan.variant.name}`,
      status,
    ],
    text: `${fault} on ${[...new Set(Object.values(cast).flat())].join(", ") || "all"} · ${plan.scenario.name} · ${plan.variant.name}: ${status}`,
  }));
}

/** Asks whether an annotation is there already, by all of its tags. */
export function annotationThere({ url, token }: Grafana, { tags }: Annotation): Message {
  const place = placeUnder(url, "/api/annotations");
  place.searchParams.set("limit", "1");
  for (const tag of tags) place.searchParams.append("tags", tag);
  return { to: "Grafana", method: "GET", url: place.href, headers: headersOf(token), body: null };
}

/** Puts one annotation there. */
export function annotationMessage({ url, token }: Grafana, annotation: Annotation): Message {
  const place = placeUnder(url, "/api/annotations");
  return {
    to: "Grafana",
    method: "POST",
    url: place.href,
    headers: headersOf(token),
    body: JSON.stringify(annotation),
  };
}

function headersOf(token: string | null): Readonly<Record<string, string>> {
  return { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
}
