import { Args, Flags } from "@oclif/core";
import { profileNames } from "./core/scenario.ts";

/** What names scenarios; the same in every command. Several may be given. */
export const scenarioArguments = {
  scenario: Args.string({ description: "Scenarios by name, by class (all of it), or as files.", required: false }),
};

/** Flags that decide what a series does; they mean the same in every command. Defaults may stand in prism-chaos.config.yaml. */
export const seriesFlags = {
  all: Flags.boolean({ description: "Every scenario of the catalogue.", default: false }),
  tag: Flags.string({
    description: "Of those, only scenarios that have this tag; given several times: any of them.",
    helpValue: "TAG",
    multiple: true,
  }),
  target: Flags.string({
    description: "The target by name or as a file; reference unless said.",
    helpValue: "NAME|FILE",
  }),
  profile: Flags.option({
    description: "Sizes and durations; limits are the same in both. quick unless said.",
    options: profileNames,
  })(),
  variant: Flags.string({ description: "Only this variant; may be given several times.", multiple: true }),
  seed: Flags.string({ description: "What everything is drawn from; a fresh one unless given." }),
  repeat: Flags.integer({ description: "How often each variant is run; once unless said.", min: 1 }),
  repetition: Flags.integer({ description: "Only this repetition of those, with its own seed.", min: 1 }),
  nodes: Flags.integer({ description: "How many nodes, instead of the profile's number.", min: 1 }),
  set: Flags.string({
    description: "A parameter of the scenario (`prism-chaos show NAME` lists them); may be given several times.",
    helpValue: "NAME=VALUE",
    multiple: true,
  }),
  defect: Flags.string({ description: "Start the target's nodes with this planted defect." }),
  proxy: Flags.string({
    description:
      "What stands on the links: builtin, toxiproxy (a real server, started for the run), or the URL of one that is there; auto unless said: the server of TOXIPROXY_URL where it can do what is needed, else the built-in one.",
    helpValue: "auto|builtin|toxiproxy|URL",
  }),
  allow: Flags.string({
    description: "The name of a target that is not on this machine, and may be broken all the same.",
    helpValue: "NAME",
    multiple: true,
  }),
  timeout: Flags.string({
    description: "Longest time that a run may take, as 5m; then it is healed and inconclusive (exit 11).",
    helpValue: "TIME",
  }),
};

/** Flags of `new`: where the file goes. */
export const newFileFlags = {
  out: Flags.string({ description: "The file to write; NAME.yaml unless said.", helpValue: "FILE" }),
  force: Flags.boolean({ description: "Replace a file that is there." }),
};
