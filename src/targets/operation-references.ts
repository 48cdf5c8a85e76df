import { didYouMean } from "../core/suggest.ts";
import type { Target } from "../core/target.ts";
import type { ConditionsFile, OperationFile } from "./read-operation.ts";
import { plain } from "./read-operation.ts";
import { escaped, jsonProblems, patternProblems, type Report, templateProblems } from "./text-references.ts";

/** What a caller may give an operation: a workload gives all of these to its reads and writes. */
const argumentNames = [
  "key",
  "value",
  "expected",
  "id",
  "document",
  "edit",
  "block",
  "content",
  "memory",
  "duration",
] as const;

interface Context {
  readonly target: Target;
  readonly report: Report;
  /** The arguments of the hooks that use this operation. */
  readonly told: readonly string[];
}

/** Everything in an operation that refers to what there is not: its port, holders, regular expressions, files. */
export function operationProblems(pointer: string, read: OperationFile, { target, report, told }: Context): void {
  const { ports } = target.nodes;
  const holders = [...argumentNames, ...told, "node", "host", ...ports.map((port) => `port.${port}`), "folder"];
  if ("port" in read && !ports.includes(read.port)) {
    report(`${pointer}/port`, `there is no port "${read.port}"${didYouMean(read.port, ports)}`);
  }
  requestProblems(pointer, read, { report, holders: [...holders, "runtime", "package"] });
  answerProblems(pointer, read, report);
}

interface Request {
  readonly report: Report;
  readonly holders: readonly string[];
}

function requestProblems(pointer: string, read: OperationFile, { report, holders }: Request): void {
  const texts = templateProblems(report);
  const json = jsonProblems(report);
  if ("path" in read) texts(`${pointer}/path`, read.path, holders);
  if ("headers" in read) json(`${pointer}/headers`, plain(read.headers ?? {}), holders);
  switch (read.by) {
    case undefined:
    case "http":
      if (read.body !== undefined) json(`${pointer}/body`, plain(read.body), holders);
      for (const [index, one] of (read.cases ?? []).entries()) {
        json(`${pointer}/cases/${index}/body`, plain(one.body), holders);
        for (const name of Object.keys(one.when)) {
          if (holders.includes(name)) continue;
          report(
            `${pointer}/cases/${index}/when/${escaped(name)}`,
            `there is no argument "${name}"${didYouMean(name, argumentNames)}`,
          );
        }
      }
      return;
    case "websocket":
      if (read.send !== undefined) json(`${pointer}/send`, plain(read.send), holders);
      if (read.until !== undefined)
        conditionProblems(`${pointer}/until`, read.until, { report, isJson: read.answer !== "text" });
      return;
    case "tcp":
      if (read.send !== undefined) texts(`${pointer}/send`, read.send, holders);
      if (read.until !== undefined) patternProblems(report)(`${pointer}/until`, read.until, { group: false });
      return;
    case "command":
      texts(`${pointer}/program`, read.program, holders);
      json(`${pointer}/arguments`, plain(read.arguments), holders);
      if (read.input !== undefined) texts(`${pointer}/input`, read.input, holders);
      for (const [name, value] of Object.entries(read.environment ?? {})) {
        if (typeof value === "string") texts(`${pointer}/environment/${escaped(name)}`, value, holders);
      }
  }
}

function answerProblems(pointer: string, read: OperationFile, report: Report): void {
  const isJson = isReadAsJson(read);
  const key = read.by === "command" ? "output" : "answer";
  const asText =
    read.by === "tcp"
      ? "the answer is text: use `match`"
      : `the answer is text: use \`match\`, or say \`${key}: json\``;
  for (const [name, value] of Object.entries(read.values ?? {})) {
    const place = `${pointer}/values/${escaped(name)}`;
    const isMatch = typeof value === "object" && "match" in value;
    if (isMatch && isJson) report(place, `the answer is JSON: use \`at\`, or say \`${key}: text\``);
    if (!isMatch && !isJson) report(place, asText);
    if (isMatch) patternProblems(report)(`${place}/match`, value.match, { group: true });
  }
  const patterns: readonly (readonly [string, { readonly where?: ConditionsFile }])[] = [
    ...(read.ok === undefined ? [] : [[`${pointer}/ok`, read.ok] as const]),
    ...(read.definite ?? []).map((one, index) => [`${pointer}/definite/${index}`, one] as const),
    ...Object.entries(read.says ?? {}).map(([word, one]) => [`${pointer}/says/${escaped(word)}`, one] as const),
  ];
  for (const [place, { where }] of patterns) {
    if (where !== undefined) conditionProblems(`${place}/where`, where, { report, isJson });
  }
}

function isReadAsJson(read: OperationFile): boolean {
  switch (read.by) {
    case "tcp":
      return false;
    case "command":
      return read.output === "json";
    default:
      return read.answer !== "text";
  }
}

function conditionProblems(
  pointer: string,
  read: ConditionsFile,
  { report, isJson }: { readonly report: Report; readonly isJson: boolean },
): void {
  for (const [index, one] of (Array.isArray(read) ? read : [read]).entries()) {
    const place = Array.isArray(read) ? `${pointer}/${index}` : pointer;
    if ("matches" in one) patternProblems(report)(`${place}/matches`, one.matches, { group: false });
    if ("pointer" in one && !isJson) report(`${place}/pointer`, "the answer is text: use `matches` without `pointer`");
  }
}
