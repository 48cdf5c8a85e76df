import { formatMs } from "../core/duration.ts";
import type { Plan } from "../core/plan.ts";
import type { Beat, Progress } from "../core/progress.ts";
import type { Terminal } from "../core/terminal.ts";
import { stepText } from "./step-text.ts";

/** So long nothing may be told where lines are not redrawn, in ms: a log that stands still looks dead. */
const heartbeatMs = 10_000;
/** Goes to the line's start and clears it. */
const clearLine = "\r\u001b[2K";

/** Tells whoever watches how runs go on. */
export interface Watcher {
  progress(plan: Plan, progress: Progress): void;
  /** Lines that stay. */
  say(text: string): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** On a terminal one line per run is redrawn; elsewhere there is a line per phase and step, and a heartbeat. */
export function watcher(terminal: Terminal): Watcher {
  return terminal.isLive ? new LiveLine(terminal) : new Lines(terminal);
}

/** How a run stands, as far as it was told. */
interface Standing {
  phase: string;
  phaseFromMs: number;
  limitMs: number | null;
  step: string;
}

const notStarted: Standing = { phase: "starting", phaseFromMs: 0, limitMs: null, step: "" };

class LiveLine implements Watcher {
  readonly #terminal: Terminal;
  #standing: Standing = { ...notStarted };
  #isDrawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  progress(plan: Plan, progress: Progress): void {
    follow(this.#standing, progress);
    if (progress.kind !== "pulse") return;
    this.#terminal.write(`${clearLine}${liveLine(plan, { ...this.#standing, ...progress }, this.#terminal.columns())}`);
    this.#isDrawn = true;
  }

  say(text: string): void {
    this.end();
    this.#terminal.write(`${text}\n`);
  }

  end(): void {
    if (this.#isDrawn) this.#terminal.write(clearLine);
    this.#isDrawn = false;
    this.#standing = { ...notStarted };
  }
}

class Lines implements Watcher {
  readonly #terminal: Terminal;
  #standing: Standing = { ...notStarted };
  #toldAtMs = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  progress(plan: Plan, progress: Progress): void {
    follow(this.#standing, progress);
    if (progress.kind === "pulse") {
      if (progress.atMs - this.#toldAtMs < heartbeatMs) return;
      this.#line(plan, progress.atMs, `  still ${parts(this.#standing, progress).join(", ")}`);
      return;
    }
    if (progress.kind === "fault") return;
    this.#line(plan, progress.atMs, progress.kind === "phase" ? progress.phase : `  ${stepText(progress.step)}`);
  }

  say(text: string): void {
    this.#terminal.write(`${text}\n`);
  }

  end(): void {
    this.#standing = { ...notStarted };
    this.#toldAtMs = 0;
  }

  #line(plan: Plan, atMs: number, text: string): void {
    this.#toldAtMs = atMs;
    this.#terminal.write(`${(atMs / 1000).toFixed(1).padStart(6)} s  ${nameOf(plan)}  ${text}\n`);
  }
}

function follow(standing: Standing, progress: Progress): void {
  if (progress.kind === "phase") {
    standing.phase = progress.phase;
    standing.phaseFromMs = progress.atMs;
    standing.limitMs = progress.limitMs;
    standing.step = "";
  } else if (progress.kind === "step") standing.step = stepText(progress.step);
}

/** The line that is redrawn: name and phase always, cut where even they are too wide, then as many parts as fit. */
export function liveLine(plan: Plan, now: Readonly<Standing> & Beat, columns: number): string {
  const width = Math.max(1, columns - 1);
  const [phase = "", ...others] = parts(now, now);
  let line = `${nameOf(plan)}  ${phase}`;
  for (const part of [...others, now.step]) {
    // What comes later is worth less: it does not take the place of what no longer fits.
    if (line.length + part.length + 2 > width) break;
    if (part !== "") line += `  ${part}`;
  }
  return line.slice(0, width);
}

function parts(standing: Readonly<Standing>, beat: Beat): readonly string[] {
  const elapsed = seconds(Math.max(0, beat.atMs - standing.phaseFromMs));
  const of = standing.limitMs === null ? "" : ` of ${seconds(standing.limitMs)}`;
  const leader = beat.leader ?? (beat.term === null ? null : "a leader");
  return [
    `${standing.phase} ${elapsed}${of}`,
    `ok ${beat.okPerSecond}/s err ${beat.errorsPerSecond}/s`,
    leader === null ? "no leader seen yet" : `${leader} leads in term ${beat.term}`,
  ];
}

/** A time with one digit: finer than that nobody reads on a line that is redrawn. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatMs(ms);
}

function nameOf({ scenario, variant, repetition, repetitions }: Plan): string {
  return `${scenario.name} ${variant.name} ${repetition}/${repetitions}`;
}
