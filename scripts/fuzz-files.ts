import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { freshSeed } from "../src/core/random.ts";
import { Fuzz, type Outcome } from "../test/support/fuzz-files.ts";

// Mutated scenario, target and defaults files: none may crash the loader, hang it, or be accepted without being valid by the published schema.

/** So many bad files are kept; the run ends there. */
const mostBad = 20;

const outcomes = ["accepted", "not valid", "no YAML"] as const;

interface Job {
  readonly seed: string;
  readonly from: number;
  readonly to: number;
  /** The number of the file that is being loaded, for the watchdog; then how often each outcome came. A file that hangs takes none of it along. */
  readonly at: SharedArrayBuffer;
  /** For showing that the watchdog bites: this file is never done. */
  readonly hangAt: number;
  readonly hangLimitMs: number;
}

/** What a worker says: a file that shows a bug, or that all are done. Those that went well it counts in `at`. */
type Said = { readonly bad: number; readonly wrong: string } | { readonly done: true };

function work({ seed, from, to, at, hangAt }: Job): void {
  using fuzz = new Fuzz(seed);
  const shared = new Int32Array(at);
  for (let number = from; number < to; number += 1) {
    Atomics.store(shared, 0, number);
    if (number === hangAt) Atomics.wait(shared, 0, number);
    const outcome: Outcome = fuzz.try(number);
    if ("wrong" in outcome) say({ bad: number, wrong: outcome.wrong });
    else Atomics.add(shared, 1 + outcomes.indexOf(outcome.outcome), 1);
  }
  say({ done: true });
}

function say(said: Said): void {
  parentPort?.postMessage(said, []);
}

async function watch(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: "string", default: "200000" },
      seed: { type: "string", default: freshSeed() },
      only: { type: "string" },
      out: { type: "string", default: join("reports", "fuzz-files") },
      /** A file that takes longer, in ms, hangs the loader: a good one takes some. */
      "hang-limit": { type: "string", default: "5000" },
      "hang-at": { type: "string", default: "-1" },
    },
  });
  const only = values.only === undefined ? null : Number(values.only);
  const to = only === null ? Number(values.files) : only + 1;
  const series = new Series(values.seed, values.out);
  console.log(`files ${only ?? 0} to ${to - 1}, seed ${values.seed}`);
  const startedMs = performance.now();
  for (let from = only ?? 0; from < to && series.bad < mostBad;) {
    from = await series.play({
      seed: values.seed,
      from,
      to,
      hangAt: Number(values["hang-at"]),
      hangLimitMs: Number(values["hang-limit"]),
    });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  series.summarize(seconds);
  // Nothing shown is no pass.
  process.exitCode = series.bad > 0 ? 10 : series.files === 0 ? 11 : 0;
}

class Series {
  readonly #seed: string;
  readonly #out: string;
  readonly #counts = new Map<string, number>();
  bad = 0;

  constructor(seed: string, out: string) {
    this.#seed = seed;
    this.#out = out;
  }

  get files(): number {
    return this.#counts.values().reduce((sum, one) => sum + one, this.bad);
  }

  /** Plays files in a worker until they are all done, or one of them hangs; says from which to go on. */
  async play(job: Omit<Job, "at">): Promise<number> {
    const at = new SharedArrayBuffer(4 * (1 + outcomes.length));
    const current = new Int32Array(at);
    Atomics.store(current, 0, -1);
    const worker = new Worker(import.meta.filename, { workerData: { ...job, at } satisfies Job });
    const { promise, resolve } = Promise.withResolvers<number>();
    let [last, sinceMs] = [-1, performance.now()];
    const watchdog = setInterval(() => {
      const number = Atomics.load(current, 0);
      if (number !== last || number < 0) [last, sinceMs] = [number, performance.now()];
      else if (performance.now() - sinceMs > job.hangLimitMs) {
        this.#keep(number, `it took longer than ${job.hangLimitMs} ms`);
        resolve(number + 1);
      }
    }, 100);
    worker.on("message", (said: Said) => {
      if ("done" in said) resolve(job.to);
      else this.#keep(said.bad, said.wrong);
      if (this.bad >= mostBad) resolve(job.to);
    });
    worker.on("error", (thrown) => {
      const number = Atomics.load(current, 0);
      this.#keep(number, `the process that loads died: ${String(thrown)}`);
      resolve(number + 1);
    });
    try {
      return await promise;
    } finally {
      clearInterval(watchdog);
      await worker.terminate();
      for (const [index, what] of outcomes.entries()) {
        this.#counts.set(what, (this.#counts.get(what) ?? 0) + Atomics.load(current, 1 + index));
      }
    }
  }

  summarize(seconds: number): void {
    for (const [what, count] of this.#counts) console.log(`${String(count).padStart(8)}  ${what}`);
    console.log(`${String(this.bad).padStart(8)}  bugs of ours`);
    console.log(
      `${this.files} files in ${seconds.toFixed(1)} s, ${Math.round(this.files / seconds)} a second, seed ${this.#seed}`,
    );
  }

  #keep(number: number, wrong: string): void {
    this.bad += 1;
    mkdirSync(this.#out, { recursive: true });
    const path = join(this.#out, `${this.#seed}-${number}.yaml`);
    using fuzz = new Fuzz(this.#seed);
    writeFileSync(path, fuzz.file(number).bytes);
    console.log(
      `BAD  file ${number}: ${wrong}\n     ${path}\n     again: npm run fuzz:files -- --seed ${this.#seed} --only ${number}`,
    );
  }
}

if (isMainThread) await watch();
else {
  const job: Job = workerData;
  work(job);
}
