/** Whether this machine permits something: by what means, or why not. */
export type Permission =
  { readonly permitted: true; readonly by: string } | { readonly permitted: false; readonly reason: string };

/** What this machine permits the harness to do to processes and disks: asked once, and changing nothing. */
export interface MachineFacts {
  /** A cgroup of our own with a limit on memory. */
  readonly memory: Permission;
  /** A cgroup of our own with a limit on processor time. */
  readonly cpu: Permission;
  /** Mounting a small file system. */
  readonly mount: Permission;
  /** Changing the limits of a running process. */
  readonly prlimit: Permission;
  /** A library by which a process's wall clock can be wrong. `by` is its path. */
  readonly faketime: Permission;
}
