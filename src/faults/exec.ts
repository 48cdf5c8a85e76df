import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

const holders = "Holders: {node}, {host}, {port.NAME} of each node and, of one that is started here, {data}.";
const program = Type.String({
  minLength: 1,
  description: `A program on PATH, or a path. ${holders}`,
  examples: ["tc"],
});
const args = Type.Array(Type.String({ description: `An argument. ${holders}`, examples: ["{port.http}"] }), {
  description: "Its arguments, each filled.",
  examples: [["qdisc", "add", "dev", "lo", "root", "netem", "loss", "1%"]],
});
const command = (description: string) =>
  Type.Object(
    { program, arguments: args },
    { ...closed, description, examples: [{ program: "tc", arguments: ["qdisc", "del", "dev", "lo", "root"] }] },
  );

/** The scenario's own commands, run on this machine for each node. */
export const exec = defineFault({
  name: "exec",
  summary: "Run commands of the scenario's own on this machine: one acts, one undoes it, one checks it.",
  params: Type.Object(
    {
      program,
      arguments: args,
      undo: command("What takes it back; must end with 0, and may be run more than once."),
      check: command("Ends with 0 while it is in force, and with anything else when it is not."),
      shows: Type.Optional(
        Type.Object(
          {
            operation: Type.String({ description: "The operation that is asked.", examples: ["health"] }),
            value: Type.String({ description: "Which of its values.", examples: ["lost"] }),
            atLeast: Type.Number({ description: "What it is while the fault is in force, or more.", examples: [1] }),
          },
          {
            ...closed,
            description: "What each node itself answers while it is in force: the witness.",
            examples: [{ operation: "health", value: "lost", atLeast: 1 }],
            default: "no witness: the run stays unknown",
          },
        ),
      ),
    },
    closed,
  ),
  capabilities: () => ["host.exec"],
  work: ({ shows, ...commands }, input) =>
    onNodes(input, {
      capability: "host.exec",
      undo: "remove",
      params: () => commands,
      sign: (node) =>
        shows === undefined
          ? null
          : {
              sign: "reports",
              node,
              text: `reports ${shows.value}`,
              operation: shows.operation,
              force: [{ value: shows.value, comparator: ">=", limit: shows.atLeast }],
            },
    }),
});
