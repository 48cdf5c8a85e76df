import { byteSize } from "../core/byte-size.ts";
import { durationMs } from "../core/duration.ts";
import type { BlockSettings, EditSettings, TaskSettings } from "../core/scenario.ts";
import type { ScenarioFile } from "./schema.ts";
import { parseSelection } from "./selection.ts";
import type { Report } from "./timeline.ts";

/** What goes on beside the workload; null: it does not. */
export interface SideTraffic {
  readonly edits: EditSettings | null;
  readonly blocks: BlockSettings | null;
  readonly tasks: TaskSettings | null;
}

/** Edits, blocks and tasks of a file, with everything said that it leaves to the defaults. */
export function sideTraffic(file: ScenarioFile, report: Report): SideTraffic {
  return { edits: edits(file, report), blocks: blocks(file, report), tasks: tasks(file, report) };
}

function edits({ edits: read }: ScenarioFile, report: Report): EditSettings | null {
  if (read === undefined) return null;
  const ratePerSecond = rate(read.rate ?? "4/s", { at: "/edits/rate", what: "edit", key: "edits" }, report);
  return { documents: read.documents ?? 4, ratePerSecond, timeoutMs: ms(read.timeout ?? "1s") };
}

function blocks({ blocks: read }: ScenarioFile, report: Report): BlockSettings | null {
  if (read === undefined) return null;
  const ratePerSecond = rate(read.rate ?? "10/s", { at: "/blocks/rate", what: "block", key: "blocks" }, report);
  const sizeBytes = byteSize(read.size ?? "4KiB") ?? 0;
  // Fewer bytes cannot tell blocks apart.
  if (sizeBytes < 16) report("/blocks/size", "a block has at least 16 bytes; write it as 4KiB");
  return { ratePerSecond, sizeBytes, timeoutMs: ms(read.timeout ?? "2s") };
}

function tasks({ tasks: read }: ScenarioFile, report: Report): TaskSettings | null {
  if (read === undefined) return null;
  const on = parseSelection(String(read.on), []);
  if ("problem" in on) report("/tasks/on", on.problem);
  const ratePerSecond = rate(read.rate ?? "10/s", { at: "/tasks/rate", what: "task", key: "tasks" }, report);
  const memoryBytes = byteSize(read.memory ?? "8MiB") ?? 0;
  if ("problem" in on) return null;
  return { on, ratePerSecond, memoryBytes, durationMs: ms(read.for ?? "2s"), timeoutMs: ms(read.timeout ?? "2s") };
}

interface Rated {
  readonly at: string;
  readonly what: string;
  readonly key: string;
}

function rate(text: string, { at, what, key }: Rated, report: Report): number {
  const perSecond = Number(text.replace("/s", ""));
  if (perSecond === 0) report(at, `no ${what} would ever be due; write it as 4/s, or leave \`${key}\` out`);
  return perSecond;
}

function ms(text: string): number {
  return durationMs(text) ?? 0;
}
