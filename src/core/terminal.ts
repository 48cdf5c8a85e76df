/** Where progress is told: a window whose last line can be redrawn, or a stream of lines. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Whether a line may be redrawn: a real terminal, and no CI. */
  readonly isLive: boolean;
  /** Width now, in characters; Infinity where there is no window. */
  readonly columns: () => number;
}
