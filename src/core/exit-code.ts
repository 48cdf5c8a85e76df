/**
 * The exit codes of every command (docs/reference/exit-codes.md). Names are what a reader acts on; numbers keep clear of 1 and 2,
 * which shells and oclif use for "something went wrong".
 */
export const exitCodes = {
  pass: 0,
  broken: 10,
  inconclusive: 11,
  unusable: 12,
  residue: 13,
  regression: 14,
  usage: 64,
  unavailable: 69,
  bug: 70,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCodeName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitCodeName];

/** What an exit code says, in one word. */
export function exitCodeName(code: ExitCode): ExitCodeName {
  const found = exitCodeNames.find((name) => exitCodes[name] === code);
  return found ?? "bug";
}

const exitCodeNames: readonly ExitCodeName[] = Object.keys(exitCodes).filter((name): name is ExitCodeName =>
  Object.hasOwn(exitCodes, name),
);

/** Which exit code wins where several hold, strongest first: what is still broken, who stopped us, our own bug, then the evidence. */
const precedence: readonly ExitCode[] = [13, 129, 130, 143, 70, 12, 10, 64, 69, 14, 11, 0];

/** The exit code of a command in which several outcomes hold; 11 (inconclusive) for none at all, because nothing shown is no pass. */
export function strongestExitCode(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.inconclusive;
}
