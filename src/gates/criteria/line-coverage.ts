import { findingAt, when } from "../place.ts";
import type { Criterion } from "../criterion.ts";

/** Line coverage of the system under test, at least --coverage-threshold. */
export const lineCoverage: Criterion = {
  summary: "Line coverage of the system under test is at least the threshold.",
  judge: ({ coverage: { file, percent }, folder }, { coverage_threshold: threshold }) => {
    const required = `>= ${threshold} %`;
    const measured = percent === null ? null : `${percent} %`;
    const command = `prism-chaos gate ${folder} --coverage ${file}`;
    const place = { file, field: "/summary/line_coverage", criteria: ["line_coverage"], command };
    const findings = when(percent !== null && !(percent >= threshold), () =>
      findingAt(place, "broken", { reason: "too few lines are covered by tests", measured: measured ?? "", required }),
    );
    return { file, measured, required, findings };
  },
};
