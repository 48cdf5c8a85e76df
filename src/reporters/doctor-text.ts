import { cut } from "../core/printable.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  /** ok: there and usable; missing: not there; no: there, and not usable or not permitted. */
  readonly status: "ok" | "missing" | "no";
  /** What was found. */
  readonly detail: string;
  /** What it is for. */
  readonly for: string;
  /** How to get it; empty for what is there. */
  readonly get: string;
  /** Whether the embedded default cannot run without it. */
  readonly isNeeded: boolean;
}

/** A line for each thing: whether it is there, what it is for, and how to get it. */
export function doctorText(findings: readonly Finding[], canRun: boolean): string {
  const width = Math.max(...findings.map(({ what }) => what.length)) + 2;
  const line = ({ what, status, detail, for: purpose, get }: Finding): string => {
    const how = get === "" ? "" : `\n${" ".repeat(11 + width)}get it: ${get}`;
    return `  ${status.padEnd(7)}  ${what.padEnd(width)}${purpose} · ${cut(detail, 90)}${how}`;
  };
  const part = (isNeeded: boolean): readonly string[] => findings.filter((one) => one.isNeeded === isNeeded).map(line);
  const verdict = canRun
    ? "Everything that the embedded default needs is there: prism-chaos run leader-loss --variant kill"
    : "The embedded default cannot run here.";
  return ["needed", ...part(true), "optional", ...part(false), verdict].join("\n");
}
