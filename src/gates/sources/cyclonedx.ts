import { atPointer, isList, type Json } from "../../core/json.ts";
import { type Severity, severities, scored, severityOf, vulnerabilities } from "./severities.ts";
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
  const rated = (isList(ratings) ? ratings : []).flatMap((rating) => severityIn(rating) ?? []);
  return severities.find((severity) => rated.includes(severity)) ?? null;
}

/** By its word, else by its score, where that is not of another method than CVSS: those have other scales. */
function severityIn(rating: Json): Severity | null {
  const [word, method] = [atPointer(rating, "/severity"), atPointer(rating, "/method")];
  const isCvss = method === undefined || (typeof method === "string" && method.startsWith("CVSS"));
  const named = typeof word === "string" ? severityOf(word) : null;
  return named ?? (isCvss ? scored(atPointer(rating, "/score")) : null);
}
