import type { HistoryEvent } from "../core/history-event.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import type { Beat } from "../core/progress.ts";
import type { Recorder } from "./recorder.ts";

/** How often whoever watches is told, in ms. */
const everyMs = 250;
/** Operations are counted over so long, in ms. */
const windowMs = 1000;

/** Tells, while a run goes on, who leads and how many operations a second are answered and are not. */
export class Pulse {
  readonly #recorder: Recorder;
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #ended: { readonly atMs: number; readonly isOk: boolean }[] = [];
  /** Compare-and-sets under way: one that is refused found another value, and was answered. */
  readonly #comparing = new Set<number>();
  #leader: string | null = null;
  #term: number | null = null;

  constructor(recorder: Recorder, tell: (beat: Beat) => void) {
    this.#recorder = recorder;
    this.#stopListening = recorder.listen((event) => this.#feed(event));
    this.#timer = setInterval(() => tell(this.#beat()), everyMs);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  #feed(event: HistoryEvent): void {
    if (event.type === "leader.changed") [this.#leader, this.#term] = [event.leader, event.term];
    if (event.type === "probe.sampled" && event.probe === "leader") this.#hear(event);
    if (event.type === "op.invoked" && event.kind === "cas") this.#comparing.add(event.op);
    if (event.type !== "op.ok" && event.type !== "op.fail" && event.type !== "op.info") return;
    const isCompared = this.#comparing.delete(event.op) && event.type === "op.fail";
    this.#ended.push({ atMs: event.atMs, isOk: event.type === "op.ok" || isCompared });
  }

  /** What a node says of the leader counts from its term on: an older one is a node that has not heard yet. */
  #hear(sample: Sample): void {
    const [leader, term] = [sampleValue(sample, "leader"), sampleValue(sample, "term")];
    if (typeof leader !== "string" || typeof term !== "number" || term < (this.#term ?? -1)) return;
    [this.#leader, this.#term] = [leader, term];
  }

  #beat(): Beat {
    const atMs = this.#recorder.nowMs();
    this.#ended = this.#ended.filter((one) => one.atMs > atMs - windowMs);
    const ok = this.#ended.filter(({ isOk }) => isOk).length;
    return {
      atMs,
      leader: this.#leader,
      term: this.#term,
      okPerSecond: ok,
      errorsPerSecond: this.#ended.length - ok,
    };
  }
}
