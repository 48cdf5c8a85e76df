import { atPointer, isObject, type Json, type JsonObject } from "../../core/json.ts";
import { contradictory, empty, type Reading, shared, type Source } from "./source.ts";
import { elementsOf } from "./xml.ts";

const noLine = "it knows of no line: none of none is no coverage";

/** Istanbul's `coverage-summary.json`: total lines, covered lines, and the percentage that must follow from them. */
export const istanbulSummary: Source = {
  name: "Istanbul's summary",
  read: (content) => {
    if (content.kind !== "json" || atPointer(content.value, "/total/lines") === undefined) return null;
    const [total, covered, percent] = ["total", "covered", "pct"].map((key) =>
      atPointer(content.value, `/total/lines/${key}`),
    );
    if (total === 0 || percent === "Unknown") return empty(noLine, "/total/lines");
    if (!isCount(total) || !isCount(covered) || covered > total) {
      return contradictory("its lines are no numbers of which some are covered", "/total/lines");
    }
    if (typeof percent !== "number" || Math.abs(percent - (covered / total) * 100) > 0.01) {
      return contradictory("its percentage does not follow from its lines", "/total/lines/pct");
    }
    return linesOf(covered, total, "Istanbul");
  },
};

/** Istanbul's `coverage-final.json`: of each file its statements, and how often each was run. A line is covered if a statement that begins there was. */
export const istanbulFinal: Source = {
  name: "Istanbul's map",
  read: (content) => {
    if (content.kind !== "json" || !isObject(content.value)) return null;
    const files = Object.values(content.value);
    if (files.length === 0 || !files.every((file) => isObject(atPointer(file, "/statementMap")))) return null;
    const lines = files.map((file) => linesRun(file));
    const total = lines.reduce((sum, { size }) => sum + size, 0);
    const covered = lines.reduce((sum, one) => sum + [...one.values()].filter((hits) => hits > 0).length, 0);
    return total === 0 ? empty(noLine) : linesOf(covered, total, "Istanbul");
  },
};

/** By line the most often that a statement which begins there was run. */
function linesRun(file: Json): ReadonlyMap<number, number> {
  const [statements, counts] = [atPointer(file, "/statementMap"), atPointer(file, "/s")];
  const lines = new Map<number, number>();
  for (const [id, statement] of Object.entries<Json>(isObject(statements) ? statements : {})) {
    const line = atPointer(statement, "/start/line");
    const hits = isObject(counts) ? counts[id] : 0;
    if (typeof line === "number") lines.set(line, Math.max(lines.get(line) ?? 0, typeof hits === "number" ? hits : 0));
  }
  return lines;
}

/** LCOV: the `DA` records are counted; where a file tells its own sums (`LF`, `LH`), they must be the same. */
export const lcov: Source = {
  name: "LCOV",
  read: (content) => {
    if (content.kind !== "lines" || !content.lines.some((line) => line.startsWith("SF:"))) return null;
    const records = lcovRecords(content.lines);
    if (records === null) return contradictory("a record in it has no end: it is a part of a file");
    let [covered, total] = [0, 0];
    for (const { lines, told } of records) {
      const hit = [...lines.values()].filter((count) => count > 0).length;
      const { LF: found = lines.size, LH: run = hit } = told;
      const isOdd = ![...lines.values(), found, run].every((one) => isCount(one)) || run > found;
      if (isOdd || (lines.size > 0 && (found !== lines.size || run !== hit))) {
        return contradictory(`a record says ${run} of ${found} lines, and it lists ${hit} of ${lines.size}`);
      }
      [covered, total] = [covered + run, total + found];
    }
    return total === 0 ? empty(noLine) : linesOf(covered, total, "LCOV");
  },
};

/** What a record says of one source file: by line the most often that it was run, and the sums that it tells. */
interface LcovRecord {
  readonly lines: Map<string, number>;
  readonly told: Record<string, number>;
}

/** Each record, from its `SF` to its end; null where one has no end. */
function lcovRecords(lines: readonly string[]): readonly LcovRecord[] | null {
  const records: LcovRecord[] = [];
  let open: LcovRecord | null = null;
  for (const line of lines) {
    const [key = "", rest = ""] = line.trim().split(/:(.*)/s);
    if (key === "SF") {
      if (open !== null) return null;
      records.push((open = { lines: new Map(), told: {} }));
    } else if (key === "end_of_record") open = null;
    else if (key === "DA") {
      const [at = "", hits = ""] = rest.split(",");
      open?.lines.set(at, Math.max(open.lines.get(at) ?? 0, numberIn(hits)));
    } else if (open !== null && (key === "LF" || key === "LH")) open.told[key] = numberIn(rest);
  }
  return open === null ? records : null;
}

/** A number of digits alone; anything else is none. */
function numberIn(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Cobertura XML: the lines of its classes are counted; `line-rate` must follow from them. */
export const cobertura: Source = {
  name: "Cobertura",
  read: (content) => {
    if (content.kind !== "xml" || content.root.name !== "coverage") return null;
    const lines = elementsOf(content.root, "class").flatMap(({ children }) =>
      children.filter(({ name }) => name === "lines").flatMap((one) => elementsOf(one, "line")),
    );
    const covered = lines.filter(({ attributes }) => numberIn(attributes["hits"] ?? "") > 0).length;
    if (lines.length === 0) return empty(noLine);
    const told = Number(content.root.attributes["line-rate"] ?? Number.NaN);
    if (!(Math.abs(told - covered / lines.length) <= 0.005)) {
      return contradictory(
        `its line-rate is ${content.root.attributes["line-rate"] ?? "absent"}, and its lines come to ${covered} of ${lines.length}`,
      );
    }
    return linesOf(covered, lines.length, "Cobertura");
  },
};

/** The contract's own file: `summary.line_coverage`, in percent. */
export const ownCoverage: Source = {
  name: "summary.line_coverage",
  read: (content) => {
    if (content.kind !== "json" || !isOwn(content.value)) return null;
    const percent = atPointer(content.value, "/summary/line_coverage");
    if (percent === undefined)
      return empty("the coverage file does not say how many lines are covered", "/summary/line_coverage");
    if (typeof percent !== "number" || !(percent >= 0 && percent <= 100)) {
      return contradictory("the line coverage is no percentage", "/summary/line_coverage");
    }
    // The decimal text is exact, dividing by 100 is not.
    const share = Number(`${percent}e-2`);
    const value = Number.isFinite(share) ? share : percent / 100;
    return {
      measurements: [
        { ...shared("coverage.lines", { low: value, high: value, of: 1 }, `${percent} % of the lines`), samples: 1 },
      ],
    };
  },
};

function isOwn(value: Json): value is JsonObject {
  return isObject(value) && isObject(value["summary"]);
}

function linesOf(covered: number, total: number, tool: string): Reading {
  return {
    measurements: [
      shared("coverage.lines", { low: covered, high: covered, of: total }, `${covered} of ${total} lines, by ${tool}`),
    ],
  };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
