import { join } from "node:path";
import { writeJsonAtomic } from "../src/core/atomic-file.ts";
import { baseReport, goodReports, reportFixtures } from "../test/support/good-reports.ts";

// Writes fixtures/reports anew. With the folder of a run (`run leader-loss --variant kill --nodes 3`) its report becomes the base;
// without, the base stays. Needed whenever the format of reports changes.

const [folder] = process.argv.slice(2);
const base = folder === undefined ? baseReport() : baseReport(join(folder, "report.json"));
const good = goodReports(base);
writeJsonAtomic(join(reportFixtures, "base.json"), base);
for (const [name, file] of Object.entries(good.chaos)) {
  writeJsonAtomic(join(reportFixtures, "good", `chaos_${name}.json`), file);
}
writeJsonAtomic(join(reportFixtures, "good", "performance.json"), good.performance);
writeJsonAtomic(join(reportFixtures, "good", "coverage.json"), good.coverage);
console.log(`wrote ${reportFixtures} from ${base.run.id}`);
