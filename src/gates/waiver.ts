import { dayOf } from "../core/clock.ts";
import type { Finding } from "../core/decision.ts";
import { didYouMean } from "../core/suggest.ts";
import type { PolicyReading } from "./policy-reading.ts";
import type { Waiver } from "./policy.ts";

const dayMs = 24 * 3_600_000;
/** A waiver may hold for so many days from now at most. */
const longestDays = 30;

/** What is wrong with waivers as they stand in the file: unknown names, and what is never waived. */
export function waiverProblems({ file, vocabulary, report }: PolicyReading): void {
  const { measures, checks, criteria, neverWaived, scenarios } = vocabulary;
  const known = [...Object.keys(measures), ...checks, ...criteria, ...Object.keys(file.criteria ?? {})];
  const triggers = Object.keys(file.noGo ?? {});
  for (const [index, { waive, scenario, expires }] of (file.waivers ?? []).entries()) {
    const at = `/waivers/${index}`;
    if (neverWaived.includes(waive))
      report(`${at}/waive`, `${waive} tells of lost data or a split brain, which is never waived`);
    else if (triggers.includes(waive)) report(`${at}/waive`, `${waive} is a no-go trigger, which is never waived`);
    else if (!known.includes(waive)) {
      report(`${at}/waive`, `there is no measure, check or criterion "${waive}"${didYouMean(waive, known)}`);
    }
    if (!scenarios.includes(scenario)) {
      report(`${at}/scenario`, `there is no scenario "${scenario}"${didYouMean(scenario, scenarios)}`);
    }
    if (!isDay(expires)) report(`${at}/expires`, `"${expires}" is no day of the calendar`);
  }
}

function isDay(text: string): boolean {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(atMs) && dayOf(atMs) === text;
}

/** The end of a waiver's last day, in ms since 1970. */
function endMs({ expires }: Waiver): number {
  return Date.parse(`${expires}T00:00:00Z`) + dayMs;
}

/** Waivers that do not hold now: expired, or given for too long. Each makes the policy unusable, until somebody looks at it again. */
export function waiverFindings(waivers: readonly Waiver[], nowMs: number): readonly Finding[] {
  return waivers.flatMap((waiver): readonly Finding[] => {
    const leftMs = endMs(waiver) - nowMs;
    const isExpired = leftMs <= 0;
    if (!isExpired && leftMs <= (longestDays + 1) * dayMs) return [];
    const latest = dayOf(nowMs + longestDays * dayMs);
    return [
      {
        kind: "unusable",
        criteria: [],
        reason: isExpired
          ? `the waiver of ${waiver.waive} in ${waiver.scenario} has expired; ${waiver.owner} answers for it (${waiver.issue})`
          : `the waiver of ${waiver.waive} in ${waiver.scenario} holds for more than ${longestDays} days`,
        file: waiver.place,
        field: "expires",
        measured: waiver.expires,
        required: isExpired ? `${dayOf(nowMs)} or later` : `${latest} at the latest`,
        command: "mend what it waives, or have its owner give it anew",
      },
    ];
  });
}

/** Whether a waiver covers a finding. Only a broken limit can be waived: never missing evidence, never what cannot be believed. */
export function covers(waiver: Waiver, finding: Finding, neverWaived: readonly string[]): boolean {
  const about = finding.about ?? null;
  if (finding.kind !== "broken" || about === null || neverWaived.includes(about)) return false;
  const isMeant = about === waiver.waive || finding.criteria.includes(waiver.waive);
  const isThere = finding.scenario === waiver.scenario;
  return isMeant && isThere && (waiver.variant === null || waiver.variant === finding.variant);
}
