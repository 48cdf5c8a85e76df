import type { Unit } from "../../core/measurement.ts";
import { apiMatrix } from "./api-matrix.ts";
import { cobertura, istanbulFinal, istanbulSummary, lcov, ownCoverage } from "./coverage.ts";
import { cyclonedx } from "./cyclonedx.ts";
import { junit } from "./junit.ts";
import { npmAudit } from "./npm-audit.ts";
import { sarif } from "./sarif.ts";
import type { Source } from "./source.ts";

/** Something that files of other tools tell. */
export interface Quantity {
  readonly name: string;
  readonly unit: Unit;
  readonly summary: string;
}

const vulnerability = (severity: string): Quantity => ({
  name: `vulnerabilities.${severity}`,
  unit: "count",
  summary: `Open ${severity} findings of security in an npm audit, SARIF or CycloneDX file.`,
});

/** Everything that files of other tools tell, by the name that a policy uses. */
export const quantities = {
  "api.compatibility": {
    name: "api.compatibility",
    unit: "ratio",
    summary: "Share of the cells of an API matrix (operation and failure) that are compatible.",
  },
  "coverage.lines": {
    name: "coverage.lines",
    unit: "ratio",
    summary:
      "Share of the lines that are covered, in an Istanbul, LCOV or Cobertura file, or one with summary.line_coverage.",
  },
  "suites.failed": { name: "suites.failed", unit: "count", summary: "Cases of a JUnit file that failed." },
  "suites.passed": { name: "suites.passed", unit: "count", summary: "Cases of a JUnit file that passed." },
  "vulnerabilities.critical": vulnerability("critical"),
  "vulnerabilities.high": vulnerability("high"),
  "vulnerabilities.moderate": vulnerability("moderate"),
  "vulnerabilities.low": vulnerability("low"),
} as const satisfies Record<string, Quantity>;

/** Every format, in the order in which a file is tried. */
export const sources = {
  npmAudit,
  sarif,
  cyclonedx,
  junit,
  apiMatrix,
  istanbulSummary,
  istanbulFinal,
  lcov,
  cobertura,
  ownCoverage,
} as const satisfies Record<string, Source>;
