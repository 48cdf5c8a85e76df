import type { Bench } from "./bench.ts";

/** One thing that a Toxiproxy server does. */
export interface Point {
  /** Its place in the list; stays the same for good. */
  readonly number: number;
  /** A sentence. Where the two servers differ it says what the built-in one does. */
  readonly title: string;
  /** Throws where the server does something else. */
  readonly check: (bench: Bench) => Promise<void>;
}
