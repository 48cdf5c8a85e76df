import { readFileSync } from "node:fs";

/** /proc counts CPU time in hundredths of a second. */
const MS_A_TICK = 10;

/** CPU time that a process has used so far, in user and in kernel, all its threads, ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name in parentheses may hold spaces, so fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
}

/** What a process has in memory, MiB: all of it, and with what it shares counted in parts. */
export function memoryMiB(pid: number): { readonly rss: number; readonly pss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? NaN) / 1024;
  return { rss: of("Rss"), pss: of("Pss") };
}
