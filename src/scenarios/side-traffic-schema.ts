import { Type } from "typebox";
import { byteSizePattern } from "../core/byte-size.ts";
import { closed, durationText, ratePattern } from "../core/schema-parts.ts";
import { selection } from "./step-schema.ts";

const rate = (what: string, example: string) =>
  Type.Optional(
    Type.String({
      pattern: ratePattern,
      description: `${what} that are due each second, all nodes together.`,
      examples: [example],
      default: example,
      "x-unit": "per second",
    }),
  );

const size = (description: string, example: string) =>
  Type.Optional(
    Type.String({
      pattern: byteSizePattern,
      description,
      examples: [example],
      default: example,
      "x-unit": "bytes, with a unit: B, KB, KiB, MB, MiB, GB or GiB",
    }),
  );

const timeout = (what: string) =>
  Type.Optional(
    durationText({ description: `After this ${what} may or may not have been made.`, examples: ["2s"], default: "2s" }),
  );

/** Blocks beside the traffic. */
export const blocks = Type.Object(
  {
    rate: rate("Puts and reads, by turns,", "10/s"),
    size: size("Size of each block.", "4KiB"),
    timeout: timeout("a put"),
  },
  {
    ...closed,
    description:
      "Blocks that are put and read on every node all the time. Each is known by what was put, so that it is seen when it comes back otherwise, or not at all.",
    examples: [{ rate: "10/s", size: "4KiB" }],
    default: "none are put",
  },
);

/** Tasks beside the traffic. */
export const tasks = Type.Object(
  {
    on: selection,
    rate: rate("Tasks", "10/s"),
    memory: size("Memory that each task holds.", "8MiB"),
    for: Type.Optional(durationText({ description: "How long a task holds it.", examples: ["2s"], default: "2s" })),
    timeout: timeout("a task"),
  },
  {
    ...closed,
    description:
      "Tasks that hold memory, given to these nodes while a fault is in force: work that a node without resources should put off, so that what is critical goes on.",
    examples: [{ on: "10% of nodes", rate: "20/s", memory: "8MiB" }],
    default: "none are given",
  },
);
