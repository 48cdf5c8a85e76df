/** Lines of a file that hold code, and those of them that were executed. */
export interface LineCoverage {
  readonly lines: number;
  readonly covered: number;
}

/** What V8 writes of a process (NODE_V8_COVERAGE), as far as it is read here. */
interface Profile {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/**
 * Line coverage of files (text by URL) over the profiles of several processes, each handed as what reads it. A line counts as executed
 * where any process executed what stands first on it; lines without code of their own (blank, comments, imports, closing brackets) do not count.
 */
export function lineCoverage(
  texts: ReadonlyMap<string, string>,
  profiles: readonly (() => string)[],
): ReadonlyMap<string, LineCoverage> {
  const starts = new Map([...texts].map(([url, text]) => [url, codeStarts(text)]));
  const executed = new Map([...texts.keys()].map((url) => [url, new Set<number>()]));
  for (const read of profiles) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- V8 wrote it, a moment ago.
    const { result } = JSON.parse(read()) as Profile;
    for (const { url, functions } of result) {
      const seen = executed.get(url);
      if (seen === undefined) continue;
      const ranges = functions.flatMap((one) => one.ranges);
      for (const at of starts.get(url) ?? []) if (isExecuted(at, ranges)) seen.add(at);
    }
  }
  return new Map([...starts].map(([url, all]) => [url, { lines: all.length, covered: executed.get(url)?.size ?? 0 }]));
}

/** The innermost range around a place says whether it was executed; none around it: not. */
function isExecuted(at: number, ranges: readonly Range[]): boolean {
  let innermost: Range | null = null;
  for (const range of ranges) {
    if (range.startOffset > at || range.endOffset <= at) continue;
    const lengthOf = (one: Range): number => one.endOffset - one.startOffset;
    if (innermost === null || lengthOf(range) <= lengthOf(innermost)) innermost = range;
  }
  return innermost !== null && innermost.count > 0;
}

/** Where on each line that holds code its first character stands. */
function codeStarts(text: string): readonly number[] {
  let offset = 0;
  let isInComment = false;
  return text.split("\n").flatMap((line) => {
    const code = line.trim();
    const at = offset + line.length - line.trimStart().length;
    offset += line.length + 1;
    const isComment = isInComment || code.startsWith("//") || code.startsWith("/*");
    if (code.startsWith("/*")) isInComment = true;
    if (isInComment && code.includes("*/")) isInComment = false;
    const isCode = !isComment && !/^[\])}>;,]*$/.test(code) && !/^(import\b|export \{|export \*)/.test(code);
    return isCode ? [at] : [];
  });
}
