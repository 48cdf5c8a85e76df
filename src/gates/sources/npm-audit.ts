import { atPointer, isObject } from "../../core/json.ts";
import { severities, severityOf, vulnerabilities } from "./severities.ts";
import { contradictory, type Source } from "./source.ts";

/** `npm audit --json`: the entries are counted again, and must be as many as its summary says. */
export const npmAudit: Source = {
  name: "npm audit",
  read: (content) => {
    if (content.kind !== "json" || atPointer(content.value, "/auditReportVersion") === undefined) return null;
    const entries = atPointer(content.value, "/vulnerabilities");
    const told = atPointer(content.value, "/metadata/vulnerabilities");
    if (!isObject(entries) || !isObject(told))
      return contradictory("the audit did not come to its end", "/metadata/vulnerabilities");
    const found = Object.values(entries).map((one) => {
      const word = atPointer(one, "/severity");
      return typeof word === "string" ? word : "";
    });
    for (const severity of severities) {
      const counted = found.filter((word) => word === severity).length;
      if (told[severity] !== counted) {
        const said = `its summary says ${JSON.stringify(told[severity] ?? "nothing")} ${severity}, and it lists ${counted}`;
        return contradictory(said, `/metadata/vulnerabilities/${severity}`);
      }
    }
    return { measurements: vulnerabilities(found.filter((word) => word !== "info").map(severityOf), "npm audit") };
  },
};
