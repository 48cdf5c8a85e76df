import type { EndKind, Sink, Stage, StageOutput } from "./stage.ts";
import type { Toxic } from "./toxic.ts";

/** What a slot needs of the flow that it belongs to. */
export interface SlotControls extends Pick<StageOutput, "settle" | "hold"> {
  /** Whether the connection has only just been accepted. */
  readonly isFresh: boolean;
  /** The stream is over because of this toxic. */
  ended(toxic: Toxic): void;
  reset(toxic: Toxic): void;
}

/** The place of one toxic in one flow, with the stage while the toxic acts on this connection. */
export class Slot implements StageOutput {
  readonly toxic: Toxic;
  /** What comes behind this slot. */
  next: Sink;
  /** Null while the toxic spares this connection. */
  stage: Stage | null = null;
  readonly #controls: SlotControls;
  readonly #isAdmitted: boolean;
  #draw: number | null = null;

  constructor(toxic: Toxic, next: Sink, controls: SlotControls) {
    this.toxic = toxic;
    this.next = next;
    this.#controls = controls;
    this.#isAdmitted = toxic.admits(controls.isFresh);
  }

  /** Whether the toxic acts on this connection: one draw per connection and toxic, held against the toxicity of the moment. */
  isHit(): boolean {
    const { toxicity } = this.toxic;
    if (!this.#isAdmitted) return false;
    if (toxicity >= 1 || toxicity <= 0) return toxicity >= 1;
    this.#draw ??= this.toxic.random("toxicity").fraction();
    return this.#draw < toxicity;
  }

  /** Puts the stage to work. */
  open(): void {
    this.stage = this.toxic.openStage({ output: this });
  }

  pass(chunk: Buffer): void {
    this.next.take(chunk);
  }

  end(kind: EndKind): void {
    this.next.end(kind);
  }

  endByToxic(): void {
    this.#controls.ended(this.toxic);
    this.next.end("full");
  }

  settle(): void {
    this.#controls.settle();
  }

  reset(): void {
    this.#controls.reset(this.toxic);
  }

  hold(): (() => void) | null {
    return this.#controls.hold();
  }
}
