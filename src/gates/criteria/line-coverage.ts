import { findingAt, when } from "../place.ts";
import { isMarginal } from "../margin.ts";
import { tidy } from "../words.ts";
import type { Criterion } from "../criterion.ts";

/** Line coverage of the system under test, at least --coverage-threshold. */
export const lineCoverage: Criterion = {
  summary: "Line coverage of the system under test is at least the threshold.",
  judge: ({ coverage: { file, percent }, folder, marginalShare }, { coverage_threshold: threshold }) => {
    const required = `>= ${threshold} %`;
    const measured = percent === null ? null : `${percent} %`;
    const command = `prism-chaos gate ${folder} --coverage ${file}`;
    const place = { file, field: "/summary/line_coverage", criteria: ["line_coverage"], command };
    const findings = when(percent !== null && !(percent >= threshold), () => ({
      ...findingAt(place, "broken", {
        reason: "too few lines are covered by tests",
        measured: measured ?? "",
        required,
      }),
      about: "line_coverage",
      margin: `short by ${tidy(threshold - (percent ?? 0))} points`,
    }));
    const limit = { comparator: ">=", limit: threshold / 100, unit: "ratio" } as const;
    return {
      file,
      measured,
      required,
      findings,
      isMarginal: percent !== null && isMarginal(percent / 100, limit, marginalShare),
    };
  },
};
