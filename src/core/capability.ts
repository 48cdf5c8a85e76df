/**
 * What a target lets the harness do to it. A fault turns into actions of these; `drivers/` carry them out; `plan` names the ones that a
 * target lacks. The directed links of `link.*` are the bytes that one node sends to another.
 */
export const capabilities = {
  "process.kill": "end a node's process at once, and start it again from the same data",
  "process.pause": "stop a node's process where it stands, and let it go on",
  "process.restart": "end nodes' processes and start them again, by a schedule",
  "process.memory": "limit the memory of a node's process",
  "process.cpu": "limit the processor time of nodes' processes",
  "process.descriptors": "limit how many files and connections a node's process may have open",
  "process.clock": "let a node's wall clock be wrong",
  "disk.fill": "fill the disk on which a node keeps its data",
  "disk.fail": "let a folder of a node's data fail, and put it back as it was",
  "disk.alter": "change files of a node's data for good",
  "link.stall": "let a link's bytes wait; nothing is lost, nothing closes",
  "link.blackhole": "lose a link's bytes; its connections close on healing",
  "link.refuse": "close a link's connections and refuse new ones",
  "link.reset": "reset a link's connections, and every new one",
  "link.latency": "delay a link's bytes",
  "link.bandwidth": "let so many of a link's bytes through a second",
  "link.corrupt": "change bytes on a link",
  "host.exec": "run programs of the scenario's own on this machine",
  "target.hook": "use a fault hook that the target itself offers",
} as const;

export type Capability = keyof typeof capabilities;

/** Every capability's name. */
export const capabilityNames: readonly Capability[] = Object.keys(capabilities).filter(isCapability);

/** Whether a word names a capability. */
export function isCapability(word: string): word is Capability {
  return Object.hasOwn(capabilities, word);
}

/** The ways in which a link can be cut, by the name a scenario uses. */
export const cutModes = ["stall", "blackhole", "refuse", "reset"] as const;
export type CutMode = (typeof cutModes)[number];
