import { quoted } from "../../core/printable.ts";
import { contradictory, counted, empty, type Source } from "./source.ts";
import { elementsOf, type XmlElement } from "./xml.ts";

/**
 * JUnit XML: cases are counted again, and must be as many as its suites say. A case that was skipped, or not run, neither passed nor failed.
 */
export const junit: Source = {
  name: "JUnit",
  read: (content) => {
    if (content.kind !== "xml" || !["testsuites", "testsuite"].includes(content.root.name)) return null;
    const cases = elementsOf(content.root, "testcase");
    const odd = [content.root, ...elementsOf(content.root, "testsuite")].flatMap((suite) => otherwise(suite) ?? []);
    const [first] = odd;
    if (first !== undefined) return contradictory(first);
    const failed = cases.filter(isFailed).length;
    const skipped = cases.filter((one) => !isFailed(one) && isSkipped(one)).length;
    const passed = cases.length - failed - skipped;
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

function isFailed({ children }: XmlElement): boolean {
  return children.some(({ name }) => name === "failure" || name === "error");
}

/** GoogleTest has an attribute for what was not run. */
function isSkipped({ children, attributes }: XmlElement): boolean {
  return children.some(({ name }) => name === "skipped") || attributes["status"] === "notrun";
}

/**
 * In what a suite says otherwise than its cases, of its own or with those of the suites in it; null: in nothing. A suite that broke before
 * its first case has an error and no case.
 */
function otherwise(suite: XmlElement): string | null {
  const below = elementsOf(suite, "testcase");
  const own = suite.children.filter(({ name }) => name === "testcase");
  const [tests, failures, errors] = ["tests", "failures", "errors"].map((name) => {
    const text = suite.attributes[name];
    return text === undefined ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  });
  const name = `its suite ${quoted(suite.attributes["name"] ?? suite.name)} says that`;
  if (typeof tests === "number" && !(tests <= below.length))
    return `${name} it has ${tests} cases, and it lists ${below.length}`;
  if (typeof failures !== "number" && typeof errors !== "number") return null;
  const counts = [below, own].map((cases) => cases.filter(isFailed).length);
  // Some tools count errors among the failures, too.
  const told = [(failures ?? 0) + (errors ?? 0), Math.max(failures ?? 0, errors ?? 0)];
  if (told.some((one) => counts.includes(one))) return null;
  return `${name} ${told[0]} cases failed, and ${counts[0]} of its cases did`;
}
