import { own } from "../core/own.ts";
import type { Hook, ReportedValue, Target } from "../core/target.ts";
import { holdersOf } from "./template.ts";
import { escaped, jsonProblems, patternProblems, type Report } from "./text-references.ts";

/** Reports a name that is not among those that there are. */
type Known = (
  pointer: string,
  asked: { readonly what: string; readonly name: string; readonly among: readonly string[] },
) => void;

/** What problems are told by. */
interface Telling {
  readonly known: Known;
  readonly report: Report;
}

/** Operations, values and arguments that a target's hooks and limits name, and that there are not. */
export function hookProblems(target: Target, { known, report }: Telling): void {
  const among = Object.keys(target.operations);
  for (const [name, hook] of Object.entries(target.hooks)) {
    const pointer = `/hooks/${escaped(name)}`;
    for (const verb of ["apply", "remove", "read"] as const) {
      known(`${pointer}/${verb}`, { what: "operation", name: hook[verb], among });
    }
    jsonProblems(report)(`${pointer}/inForce`, hook.inForce, hook.arguments);
    if (hook.shows !== null) {
      known(`${pointer}/shows/operation`, { what: "operation", name: hook.shows.operation, among });
      jsonProblems(report)(`${pointer}/shows`, hook.shows, hook.arguments);
    }
    const read = own(target.operations, hook.read);
    // Which value it is where an argument says so is known only when it is used.
    if (read === undefined || holdersOf(hook.inForce.value).length > 0) continue;
    const values = Object.keys(read.values);
    known(`${pointer}/inForce/value`, { what: `value of ${hook.read}`, name: hook.inForce.value, among: values });
  }
  limitProblems(target, { known, report });
}

function limitProblems({ limits, hooks }: Target, { known, report }: Telling): void {
  for (const what of ["memory", "disk"] as const) {
    const name = limits[what];
    if (name === null) continue;
    known(`/limits/${what}`, { what: "hook", name, among: Object.keys(hooks) });
    const hook = own(hooks, name);
    if (hook === undefined || (hook.arguments.length === 1 && hook.arguments[0] === "bytes")) continue;
    report(`/limits/${what}`, `the hook "${name}" is told ${toldText(hook)}; one for limits is told bytes alone`);
  }
}

function toldText({ arguments: args }: Hook): string {
  return args.length === 0 ? "nothing" : args.join(", ");
}

/** The same for what nodes report of their files; and patterns of files that are none. */
export function reportProblems(target: Target, { known, report }: Telling): void {
  const among = Object.keys(target.operations);
  if (Object.keys(target.files).length > 0 && target.nodes.source.kind === "running") {
    report("/files", "files of a system that runs already are not altered; leave `files` out");
  }
  for (const [name, { place, found, open, failing }] of Object.entries(target.files)) {
    const pointer = `/files/${escaped(name)}`;
    if (place.kind === "folder") patternProblems(report)(`${pointer}/match`, place.match, { group: false });
    const values: readonly (readonly [string, ReportedValue | null])[] = [
      ["found", found],
      ["open", open],
      ["failing", failing],
    ];
    for (const [key, reported] of values) {
      if (reported === null) continue;
      known(`${pointer}/${key}/operation`, { what: "operation", name: reported.operation, among });
      const operation = own(target.operations, reported.operation);
      if (operation === undefined) continue;
      const what = `value of ${reported.operation}`;
      known(`${pointer}/${key}/value`, { what, name: reported.value, among: Object.keys(operation.values) });
    }
  }
}

/** The arguments of the hooks that use an operation: what its holders may stand for besides. */
export function toldTo({ hooks }: Target, operation: string): readonly string[] {
  const using = Object.values(hooks).filter(({ apply, remove, read }) => [apply, remove, read].includes(operation));
  return [...new Set(using.flatMap(({ arguments: args }) => args))];
}
