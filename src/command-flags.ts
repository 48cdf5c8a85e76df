import { Args, Flags } from "@oclif/core";
import { profileNames } from "./core/scenario.ts";

/** What names a scenario; the same in every command. */
export const scenarioArgument = {
  scenario: Args.string({ description: "A scenario by name, by class, or as a file.", required: true }),
};

/** Flags that decide what a series does; they mean the same in every command. */
export const seriesFlags = {
  target: Flags.string({
    description: "The target by name or as a file.",
    default: "reference",
    helpValue: "NAME|FILE",
  }),
  profile: Flags.option({
    description: "Sizes and durations; limits are the same in both.",
    options: profileNames,
    default: "quick" as const,
  })(),
  variant: Flags.string({ description: "Only this variant; may be given several times.", multiple: true }),
  seed: Flags.string({ description: "What everything is drawn from; a fresh one unless given." }),
  repeat: Flags.integer({ description: "How often each variant is run.", min: 1, default: 1 }),
  repetition: Flags.integer({ description: "Only this repetition of those, with its own seed.", min: 1 }),
  nodes: Flags.integer({ description: "How many nodes, instead of the profile's number.", min: 1 }),
  defect: Flags.string({ description: "Start the target's nodes with this planted defect." }),
};

/** Flags of `new`: where the file goes. */
export const newFileFlags = {
  out: Flags.string({ description: "The file to write; NAME.yaml unless said.", helpValue: "FILE" }),
  force: Flags.boolean({ description: "Replace a file that is there." }),
};
