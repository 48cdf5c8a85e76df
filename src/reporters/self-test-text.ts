import { printable } from "../core/printable.ts";

/** What a self-test of the gate came to. */
interface Result {
  readonly isBaseGo: boolean;
  readonly kinds: readonly { readonly kind: string; readonly mutants: number; readonly blocked: number }[];
  readonly survivors: readonly { readonly kind: string; readonly file: string; readonly said: string }[];
}

/** So many survivors are told one by one. */
const toldSurvivors = 20;

/** The mutants by kind, how many of each were blocked, and each that was not. `folder`: whose evidence was mutated; null: the sample's. */
export function selfTestText({ isBaseGo, kinds, survivors }: Result, folder: string | null): string {
  if (!isBaseGo)
    return "The evidence is no GO without a change, so that a block would show nothing: the gate is broken.";
  const width = Math.max(...kinds.map(({ kind }) => kind.length));
  const mutants = kinds.reduce((sum, one) => sum + one.mutants, 0);
  const blocked = kinds.reduce((sum, one) => sum + one.blocked, 0);
  const whose = folder === null ? "the sample that comes with it (what lies in the folder is no GO)" : folder;
  return [
    `Evidence: ${printable(whose)}`,
    "",
    ...kinds.map(
      (one) =>
        `${one.kind.padEnd(width)}  ${one.blocked} of ${one.mutants} blocked${one.blocked < one.mutants ? "  NOT ALL" : ""}`,
    ),
    "",
    ...survivors
      .slice(0, toldSurvivors)
      .map(({ kind, file, said }) => `NOT BLOCKED  ${kind}, ${printable(file)}: ${printable(said)}`),
    ...(survivors.length > toldSurvivors ? [`… and ${survivors.length - toldSurvivors} more`] : []),
    `${blocked} of ${mutants} mutants of ${kinds.length} kinds were blocked`,
  ].join("\n");
}
