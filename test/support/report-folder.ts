import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chaosFile, performanceFile, sealedChaos, seriesRecord } from "../../src/core/contract.ts";
import type { ChaosFile } from "../../src/core/contract.ts";
import { type Report, sealed } from "../../src/core/report.ts";
import type { ChaosClass } from "../../src/core/scenario.ts";
import { baseReport, type GoodReports, goodReports } from "./good-reports.ts";

/** JSON that may be changed in place. */
type Mutable = string | number | boolean | null | Mutable[] | { [key: string]: Mutable };

/** The name of a class's file. */
export const fileOf = (name: ChaosClass): string => `reports/chaos_${name}.json`;
/** The files that are not of a class. */
export const performance = "reports/performance.json";
export const coverage = "coverage/coverage.json";

/** A good folder of reports with its coverage, in which a test changes something before it is written to disk. */
export class ReportFolder {
  /** Texts by path. */
  readonly texts = new Map<string, string>();
  readonly #good: GoodReports;
  /** When its runs ended, in ms since 1970. */
  readonly finishedMs: number;

  constructor(base: Report = baseReport()) {
    this.#good = goodReports(base);
    this.finishedMs = Date.parse(base.run.finishedAt);
    this.#store(Object.values(this.#good.chaos));
    this.texts.set(coverage, JSON.stringify(this.#good.coverage));
  }

  /** Drops a file. */
  drop(file: string): this {
    this.texts.delete(file);
    return this;
  }

  /** Replaces a file's text. */
  write(file: string, text: string): this {
    this.texts.set(file, text);
    return this;
  }

  /** The text of a file. */
  text(file: string): string {
    const text = this.texts.get(file);
    if (text === undefined) throw new Error(`there is no ${file}`);
    return text;
  }

  /** Copies a file, as it is now. */
  copy(from: string, to: string): this {
    return this.write(to, this.text(from));
  }

  /** Sets the value at a pointer, without sealing anything again; undefined takes the key away. Throws where nothing would change. */
  set(file: string, pointer: string, value: unknown): this {
    const document = JSON.parse(this.text(file)) as Mutable;
    assign(document, pointer, value as Mutable | undefined);
    const text = JSON.stringify(document);
    if (text === this.text(file)) throw new Error(`${file} ${pointer} is that already`);
    return this.write(file, text);
  }

  /** The same, after which every seal in the file is made anew, as somebody would who knows how. */
  forge(file: string, pointer: string, value: unknown): this {
    this.set(file, pointer, value);
    return this.reseal(file);
  }

  /** Makes every seal of a file anew. */
  reseal(file: string): this {
    const document = JSON.parse(this.text(file)) as ChaosFile;
    const series = document.series?.map((one) => ({ ...one, reports: one.reports.map(resealed) }));
    const whole = series === undefined ? resealed(document) : sealedChaos({ ...document, series });
    return this.write(file, JSON.stringify(whole));
  }

  /** Changes the reports of a class as if its runs had come out so: both contract files follow from them, and all is sealed. */
  honest(name: ChaosClass, change: (report: Report, index: number) => Report | null): this {
    const files = Object.values(this.#good.chaos).map((file) => {
      if (file.class !== name) return file;
      const series = file.series.map((one) => {
        const reports = one.reports.flatMap((report, index) => change(report, index) ?? []);
        return seriesRecord({ ...one, reports });
      });
      return chaosFile(name, series);
    });
    return this.#store(files);
  }

  /** The class's file as it was made. */
  good(name: ChaosClass): ChaosFile {
    return this.#good.chaos[name];
  }

  /** Writes all to disk below a folder. */
  save(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of this.texts) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  }

  #store(files: readonly ChaosFile[]): this {
    for (const file of files) this.texts.set(fileOf(file.class), JSON.stringify(file));
    return this.write(performance, JSON.stringify(performanceFile(files)));
  }
}

/** A document with its seal made anew. */
export function resealed<T extends { readonly seal: string }>(document: T): T {
  const { seal: _seal, ...rest } = document;
  return sealed(rest) as unknown as T;
}

function assign(document: Mutable, pointer: string, value: Mutable | undefined): void {
  const parts = pointer.split("/").slice(1);
  const last = parts.pop() ?? "";
  let here = document;
  for (const part of parts) {
    const next = (here as { [key: string]: Mutable })[part];
    if (next === undefined) throw new Error(`nothing at ${pointer}`);
    here = next;
  }
  const holder = here as { [key: string]: Mutable };
  if (value === undefined) {
    if (Array.isArray(here)) here.splice(Number(last), 1);
    else delete holder[last];
  } else holder[last] = value;
}
