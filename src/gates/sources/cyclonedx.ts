import { atPointer, isList, type Json } from "../../core/json.ts";
import { type Severity, severities, severityOf, vulnerabilities } from "./severities.ts";
import { empty, type Source } from "./source.ts";

/** States of the analysis in which a vulnerability is none, or none any more. */
const settled: readonly unknown[] = ["resolved", "resolved_with_pedigree", "false_positive", "not_affected"];

/** CycloneDX: the vulnerabilities of a bill of materials, each by the worst of its ratings, but for those that its analysis settled. */
export const cyclonedx: Source = {
  name: "CycloneDX",
  read: (content) => {
    if (content.kind !== "json" || atPointer(content.value, "/bomFormat") !== "CycloneDX") return null;
    const listed = atPointer(content.value, "/vulnerabilities");
    if (!isList(listed))
      return empty("it is a list of components; nobody looked for vulnerabilities", "/vulnerabilities");
    const open = listed.filter((one) => !settled.includes(atPointer(one, "/analysis/state")));
    return { measurements: vulnerabilities(open.map(worstOf), "CycloneDX") };
  },
};

function worstOf(vulnerability: Json): Severity | null {
  const ratings = atPointer(vulnerability, "/ratings");
  const words = (isList(ratings) ? ratings : []).map((rating) => atPointer(rating, "/severity"));
  const rated = words.flatMap((word) => (typeof word === "string" ? (severityOf(word) ?? []) : []));
  return severities.find((severity) => rated.includes(severity)) ?? null;
}
