import { HarnessError } from "./harness-error.ts";

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as people write it (`250ms`, `1.5s`, `2m`, `1h`) in ms, or null if it is none. The unit is required: a bare number says nothing. */
export function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unitMs = unitsMs[match?.[2] ?? ""];
  const ms = match === null || unitMs === undefined ? Infinity : Number(match[1]) * unitMs;
  return Number.isFinite(ms) ? ms : null;
}

/** As `durationMs`; throws `HarnessError` (exit 64) naming the place when the text is no duration. */
export function parseDuration(text: string, place: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new HarnessError(`${place}: "${text}" is not a duration`, {
    code: "not-a-duration",
    exit: "usage",
    next: `write a number with its unit, as 250ms, 1.5s, 2m or 1h${/^\d+$/.test(text) ? ` (did you mean ${text}s?)` : ""}`,
  });
}

/** A time in ms for people: `850 ms`, `1.23 s`, `2 min 5 s`, `1 h`. */
export function formatMs(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (Math.abs(ms) < 999.5) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const [hours, minutes, rest] = [Math.trunc(seconds / 3600), Math.trunc((seconds % 3600) / 60), seconds % 60];
  const parts = [
    [hours, "h"],
    [minutes, "min"],
    [rest, "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(" ");
}

/** A time in ms as files and flags take it: `90s`, `250ms`. Not rounded. */
export function formatDuration(ms: number): string {
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
