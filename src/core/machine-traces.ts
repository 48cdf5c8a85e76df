/** Something that a run made on this machine beside processes, found by its tag. */
export interface Trace {
  readonly run: string;
  /** `cgroup PATH` or `mount PATH`. */
  readonly what: string;
}

/** What runs leave on this machine beside processes: cgroups and mounts, each made under a name that has the run's. */
export interface MachineTraces {
  /** Those of this run, or of any run (null). */
  find(run: string | null): readonly Trace[];
  /** Removes those of this run, after its processes have ended. What would not go is still found. */
  clear(run: string, signal: AbortSignal): Promise<void>;
}

/** By which name a run's cgroups and mounts are told from all others. */
export function traceName(run: string): string {
  return `${prefix}${run}`;
}

/** The run of a name, or null where it is none of ours. */
export function runOfTrace(name: string): string | null {
  return name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : null;
}

const prefix = "prism-chaos.";
