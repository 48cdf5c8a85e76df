import { fieldSources, performanceFieldNames } from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import type { Evidence } from "./evidence.ts";

/** Evidence that cannot be believed counts against the times that rest on its file, too: they would be as good as it is. */
export function tainted({ chaos, findings }: Evidence): readonly Finding[] {
  return findings.map((finding) => {
    if (finding.kind !== "unusable") return finding;
    const files = chaos.filter(
      ({ file, content }) => file === finding.file || finding.criteria.includes(content.class),
    );
    const fields = performanceFieldNames.filter((field) =>
      files.some(({ content }) => fieldSources(field, [content]).length > 0),
    );
    return { ...finding, criteria: [...new Set([...finding.criteria, ...fields])] };
  });
}
