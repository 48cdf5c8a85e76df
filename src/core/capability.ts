/**
 * What a target lets the harness do to it. A fault turns into actions of these; `drivers/` carry them out; `plan` names the ones that a
 * target lacks. The directed links of `link.*` are the bytes that one node sends to another.
 */
export const capabilities = {
  "process.kill": "end a node's process at once, and start it again from the same data",
  "process.pause": "stop a node's process where it stands, and let it go on",
  "link.stall": "let a link's bytes wait; nothing is lost, nothing closes",
  "link.blackhole": "lose a link's bytes; its connections close on healing",
  "link.refuse": "close a link's connections and refuse new ones",
  "link.reset": "reset a link's connections, and every new one",
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
