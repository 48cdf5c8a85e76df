/** How the input of a stream ends: `half` is a FIN (the other direction goes on), `full` means that the connection is over. */
export type EndKind = "half" | "full";

/** Takes the bytes of one stream in order, and then its end. */
export interface Sink {
  take(chunk: Buffer): void;
  end(kind: EndKind): void;
}

/** One toxic at work on one stream of one connection. Nothing in it throws, and nothing in it waits. */
export interface Stage extends Sink {
  /** Whether nothing more should be read from the sender now. */
  isFull(): boolean;
  /** Hands on at once what it holds and stops its timers: the stage is about to leave the stream, or the connection is over. */
  release(): void;
  /** The toxic's attributes have changed. */
  retune(): void;
  /** The toxic was removed, after `release`; not called when the stage leaves for another reason. */
  removed(): void;
}

/** What a stage can do to its stream and its connection. */
export interface StageOutput {
  /** Hands bytes to the next stage, or to the receiver. */
  pass(chunk: Buffer): void;
  /** Ends the stream behind this stage, after all that was passed: the end that came in goes on. */
  end(kind: EndKind): void;
  /** Closes the connection after all that was passed, because the toxic says so. */
  endByToxic(): void;
  /** Asks for another look at `isFull`, after it may have changed. */
  settle(): void;
  /** Resets the connection (RST) on both sides, at once. */
  reset(): void;
  /** Keeps the connection from being made to the upstream until what it returns is called; null if it is made already. */
  hold(): (() => void) | null;
}

/** The stage that changes nothing; other stages replace the parts in which they differ. */
export function passThrough(output: StageOutput): Stage {
  return {
    take: (chunk) => output.pass(chunk),
    end: (kind) => output.end(kind),
    isFull: () => false,
    release: () => {},
    retune: () => {},
    removed: () => {},
  };
}
