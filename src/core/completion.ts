/** A command as far as completion needs it. */
export interface CompletedCommand {
  /** Its words: `["new", "scenario"]`. */
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, CompletedFlag>>;
  readonly args: readonly CompletedArgument[];
}

/** A flag: whether a value follows it, and which values it takes where that is a list. */
export interface CompletedFlag {
  readonly takesValue: boolean;
  readonly options: readonly string[];
}

/** An argument by its place: its name, and which values it takes where that is a list. */
export interface CompletedArgument {
  readonly name: string;
  readonly options: readonly string[];
}

/** What completion knows: the commands, and names of things (scenarios, targets …) by the argument or flag that takes them. */
export interface Completable {
  readonly commands: readonly CompletedCommand[];
  readonly names: (what: string) => readonly string[];
}

/** What may stand for the last of these words (empty: nothing is typed yet): commands, flags, their values, names. None where files may stand. */
export function completions(words: readonly string[], { commands, names }: Completable): readonly string[] {
  const [current = "", ...reversed] = words.toReversed();
  const before = reversed.reverse();
  const command = commands
    .filter((one) => one.words.every((word, at) => before[at] === word))
    .toSorted((left, right) => right.words.length - left.words.length)[0];
  const found = command === undefined ? nextWords(before, commands) : ofCommand(command, { before, current, names });
  return [...new Set(found)].filter((one) => one.startsWith(current)).sort();
}

function nextWords(before: readonly string[], commands: readonly CompletedCommand[]): readonly string[] {
  return commands
    .filter(({ words }) => words.length > before.length && before.every((word, at) => words[at] === word))
    .map(({ words }) => words[before.length] ?? "");
}

interface Typed {
  readonly before: readonly string[];
  readonly current: string;
  readonly names: Completable["names"];
}

function ofCommand({ words, flags, args }: CompletedCommand, { before, current, names }: Typed): readonly string[] {
  const flagOf = (word: string | undefined): readonly [string, CompletedFlag] | null => {
    const name = word?.startsWith("--") === true ? word.slice(2) : "";
    return Object.hasOwn(flags, name) && flags[name] !== undefined ? [name, flags[name]] : null;
  };
  const open = flagOf(before.at(-1));
  if (open !== null && open[1].takesValue) return open[1].options.length > 0 ? open[1].options : names(open[0]);
  if (current.startsWith("-")) return Object.keys(flags).map((name) => `--${name}`);
  const rest = before.slice(words.length);
  const values = rest.filter((word, at) => !word.startsWith("-") && flagOf(rest[at - 1])?.[1].takesValue !== true);
  const argument = args[values.length];
  if (argument === undefined) return [];
  return argument.options.length > 0 ? argument.options : names(argument.name);
}

/** The scripts that make a shell complete by asking `prism-chaos complete`. */
export const completionScripts = {
  bash: `_prism_chaos() {
  local IFS=$'\\n'
  local current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "$(prism-chaos complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$current"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _prism_chaos prism-chaos`,
  zsh: `#compdef prism-chaos
_prism_chaos() {
  local -a found
  found=("\${(@f)$(prism-chaos complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _prism_chaos prism-chaos`,
  fish: `complete -c prism-chaos -a '(prism-chaos complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

/** The shells that are known, and what makes each load its script. */
export const shells = ["bash", "zsh", "fish"] as const satisfies readonly (keyof typeof completionScripts)[];
