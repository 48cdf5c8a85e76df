import type { Json } from "../../core/json.ts";
import type { Measurement } from "../../core/measurement.ts";
import { counted } from "./source.ts";

/** How bad a finding of security is, worst first. */
export const severities = ["critical", "high", "moderate", "low"] as const;
export type Severity = (typeof severities)[number];

/** The severity that a tool's own word means, or null: it says none that counts. */
export function severityOf(word: string): Severity | null {
  const plain = word.toLowerCase();
  return plain === "medium" ? "moderate" : (severities.find((one) => one === plain) ?? null);
}

/** How many there are of each severity. One without a severity may be of any: it counts at the upper end of each. */
export function vulnerabilities(found: readonly (Severity | null)[], tool: string): readonly Measurement[] {
  const unknown = found.filter((one) => one === null).length;
  return severities.map((severity) => {
    const count = found.filter((one) => one === severity).length;
    const more = unknown === 0 ? "" : `; ${unknown} more say no severity and may be of any`;
    return counted(
      `vulnerabilities.${severity}`,
      [count, count + unknown],
      `${count} of ${found.length} findings of ${tool}${more}`,
    );
  });
}

/** The severity of a CVSS score from 0 to 10, as CVSS names them; null for what is no score. SARIF writes it as text. */
export function scored(said: Json | undefined): Severity | null {
  const isNumber = typeof said === "number" || (typeof said === "string" && /^\d+(\.\d+)?$/.test(said));
  const score = isNumber ? Number(said) : Number.NaN;
  if (!(score >= 0 && score <= 10)) return null;
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  return score >= 4 ? "moderate" : "low";
}
