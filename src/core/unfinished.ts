/** What a command is in the middle of, for whoever is impatient: what is still to be healed, for how long at most, and what does it otherwise. */
export interface Unfinished {
  readonly text: string;
  /** The command that heals it where nobody waits. */
  readonly command: string;
}
