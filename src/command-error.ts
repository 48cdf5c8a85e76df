import { Config, type Command } from "@oclif/core";
import { type ExitCode, exitCodes } from "./core/exit-code.ts";
import { type FileProblem, HarnessError, messageOf } from "./core/harness-error.ts";
import { printable, quoted } from "./core/printable.ts";
import { didYouMean, nearest } from "./core/suggest.ts";

/** An error as it is told, in words and as JSON. */
export interface ToldError {
  readonly message: string;
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly next: string;
  /** What is wrong with which files; absent for an error about anything else. */
  readonly problems?: readonly FileProblem[];
}

/** A call of a command, for what is wrong with the call. */
export interface Call {
  /** The command's name with its options: `run`, `new scenario`. */
  readonly command: string;
  readonly argv: readonly string[];
  readonly flags: Command.Class["flags"];
  readonly args: Command.Class["args"];
}

/** The error in words and what to do next. Everything that is no error of ours and not about the call is a bug. */
export function toldError(thrown: unknown, call: Call | null): ToldError {
  if (thrown instanceof HarnessError) {
    const { message, code, exitCode, next, problems } = thrown;
    return { message, code, exitCode, next, ...(problems.length === 0 ? {} : { problems }) };
  }
  if (thrown instanceof Error && "oclif" in thrown) {
    const { message, next } = wrongCall(thrown, call);
    return { message, code: "usage", exitCode: exitCodes.usage, next };
  }
  const trace = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const next = `this is a bug in prism-chaos: please report it with this trace\n${trace}`;
  return { message: messageOf(thrown), code: "bug", exitCode: exitCodes.bug, next };
}

/** What is printed on standard error of an error. */
export function errorText({ message, next, exitCode, code }: ToldError): string {
  return `Error: ${message}\n  next: ${next}\n  exit ${exitCode} (${code})`;
}

/** The error of a call that names no command: the nearest one, by its whole name or its first word. */
export async function unknownCommand(root: string, args: readonly string[]): Promise<HarnessError> {
  const { commands } = await Config.load(root);
  const names = commands.filter(({ hidden }) => !hidden).map(({ id }) => id.replaceAll(":", " "));
  const flag = args.findIndex((arg) => arg.startsWith("-"));
  const words = flag < 0 ? args : args.slice(0, flag);
  const asked = words.slice(0, names.some((name) => name.startsWith(`${words[0]} `)) ? 2 : 1).join(" ");
  // The command line takes words after a command without arguments for a part of its name.
  const whole = names.find((name) => name === asked);
  if (whole !== undefined) {
    const surplus = words.slice(asked.split(" ").length).map(quoted).join(", ");
    return new HarnessError(`${surplus} is too much: ${whole} takes no argument`, {
      code: "usage",
      exit: "usage",
      next: `prism-chaos ${whole}`,
    });
  }
  const near = nearest(asked, names) ?? nearest(words[0] ?? "", names);
  const fix = near === null ? `; known: ${names.sort().join(", ")}` : ` (did you mean ${near}?)`;
  const rest = args.slice(asked.split(" ").length).map(printable);
  return new HarnessError(`there is no command ${quoted(asked)}${fix}`, {
    code: "no-such-command",
    exit: "usage",
    next: near === null ? "prism-chaos --help" : ["prism-chaos", near, ...rest].join(" "),
  });
}

interface Wrong {
  readonly message: string;
  readonly next: string;
}

function wrongCall(thrown: Error, call: Call | null): Wrong {
  const next = call === null ? "see prism-chaos --help" : `see prism-chaos ${call.command} --help`;
  if (call === null) return { message: firstParagraph(thrown.message), next };
  switch (thrown.constructor.name) {
    case "NonExistentFlagsError":
      return unknownFlags("flags" in thrown ? thrown.flags : [], call, next);
    case "RequiredArgsError":
      return missingArguments("args" in thrown ? thrown.args : [], call);
    case "UnexpectedArgsError":
      return tooMany("args" in thrown ? thrown.args : [], call, next);
    case "ArgInvalidOptionError":
      return wrongOption(call, next) ?? { message: firstParagraph(thrown.message), next };
    default:
      return wrongValue(call, next) ?? { message: firstParagraph(thrown.message), next };
  }
}

function unknownFlags(flags: unknown, call: Call, next: string): Wrong {
  const known = Object.keys(call.flags).filter((name) => call.flags[name]?.hidden !== true);
  const told = texts(flags).map((flag) => {
    const near = nearest(flag.replace(/^-+/, ""), known);
    const fix =
      near === null
        ? `; known: ${known
            .sort()
            .map((name) => `--${name}`)
            .join(", ")}`
        : ` (did you mean --${near}?)`;
    return `there is no flag ${printable(flag)}${fix}`;
  });
  return { message: told.join("; "), next };
}

function missingArguments(args: unknown, call: Call): Wrong {
  const missing = Array.isArray(args) ? args.map((arg: { name?: string }) => arg.name ?? "") : [];
  const told = missing.map(
    (name) => `${name.toUpperCase()} is missing: ${call.args[name]?.description ?? "it must be given"}`,
  );
  const usage = Object.entries(call.args).map(([name, { required }]) =>
    required === true ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  return {
    message: told.join("; "),
    next: `prism-chaos ${[call.command, ...usage].join(" ")}, see prism-chaos ${call.command} --help`,
  };
}

function tooMany(args: unknown, call: Call, next: string): Wrong {
  const takes = Object.keys(call.args).map((name) => name.toUpperCase());
  const what = takes.length === 0 ? "no argument" : `only ${takes.join(" ")}`;
  return { message: `${texts(args).map(quoted).join(", ")} is too much: ${call.command} takes ${what}`, next };
}

/** An argument of a list that is not on it. */
function wrongOption({ argv, args, command }: Call, next: string): Wrong | null {
  const words = argv.filter((arg) => !arg.startsWith("-"));
  for (const [index, [name, { options = [] }]] of Object.entries(args).entries()) {
    const word = words[index];
    if (word === undefined || options.length === 0 || options.includes(word)) continue;
    const near = nearest(word, options);
    return {
      message: `there is no ${name} ${quoted(word)}${didYouMean(word, options)}`,
      next: near === null ? next : `prism-chaos ${command} ${near}`,
    };
  }
  return null;
}

/** A flag's value that is none of those that it takes. */
function wrongValue({ argv, flags }: Call, next: string): Wrong | null {
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.type !== "option" || flag.options === undefined) continue;
    const at = argv.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    const value =
      at < 0 ? undefined : argv[at]?.includes("=") === true ? argv[at].slice(name.length + 3) : argv[at + 1];
    if (value === undefined || flag.options.includes(value)) continue;
    const near = nearest(value, flag.options);
    const fix = near === null ? "" : ` (did you mean ${near}?)`;
    return { message: `--${name} is ${quoted(value)}, must be one of ${flag.options.join(", ")}${fix}`, next };
  }
  return null;
}

function texts(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

function firstParagraph(text: string): string {
  return printable(
    text
      .replace(/\nSee more help with --help\s*$/, "")
      .trim()
      .replaceAll(/\s*\n\s*/g, ": "),
  );
}
