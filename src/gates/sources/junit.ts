import { contradictory, counted, empty, type Source } from "./source.ts";
import { elementsOf, type XmlElement } from "./xml.ts";

/** JUnit XML: cases are counted again, and must be as many as its suites say. A case that was skipped neither passed nor failed. */
export const junit: Source = {
  name: "JUnit",
  read: (content) => {
    if (content.kind !== "xml" || !["testsuites", "testsuite"].includes(content.root.name)) return null;
    const cases = elementsOf(content.root, "testcase");
    const has = (one: XmlElement, names: readonly string[]): boolean =>
      one.children.some(({ name }) => names.includes(name));
    const failed = cases.filter((one) => has(one, ["failure", "error"])).length;
    const skipped = cases.filter((one) => has(one, ["skipped"]) && !has(one, ["failure", "error"])).length;
    const passed = cases.length - failed - skipped;
    const told = toldFailures(content.root);
    if (told !== null && told !== failed)
      return contradictory(`its suites say that ${told} cases failed, and ${failed} of its cases did`);
    if (passed + failed === 0) return empty(`of its ${cases.length} cases none was run`);
    const note = `${passed} of ${cases.length} cases passed, ${failed} failed, ${skipped} were skipped`;
    return {
      measurements: [
        counted("suites.failed", [failed, failed], note),
        counted("suites.passed", [passed, passed], note),
      ],
    };
  },
};

/** How many the innermost suites say that failed; null where one says nothing. */
function toldFailures(root: XmlElement): number | null {
  const suites = [root, ...elementsOf(root, "testsuite")].filter(({ children }) =>
    children.some(({ name }) => name === "testcase"),
  );
  let sum = 0;
  for (const { attributes } of suites) {
    if (attributes["failures"] === undefined) return null;
    sum += Number(attributes["failures"]) + Number(attributes["errors"] ?? 0);
  }
  return sum;
}
