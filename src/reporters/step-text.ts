import { formatMs } from "../core/duration.ts";
import type { Step, StepSubjects } from "../core/scenario.ts";

/** A step of a timeline in words. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case "inject":
      return `inject ${step.id}${step.id === step.fault ? "" : ` (${step.fault})`} on ${subjectsText(step.on)}${step.forMs === null ? "" : ` for ${formatMs(step.forMs)}`}`;
    case "heal":
      return `heal ${step.id}`;
    case "call":
      return `call ${step.operation} on ${step.on.text}`;
    case "hold":
      return `hold for ${formatMs(step.ms)}`;
    case "until":
      return `at ${formatMs(step.ms)}`;
    case "join":
      return `let ${step.count} ${step.count === 1 ? "agent" : "agents"} join, each within ${formatMs(step.limitMs)}`;
    case "workload":
      return step.paused ? "pause the traffic" : "resume the traffic";
    case "await-probe":
      return `await ${step.probe}, at most ${formatMs(step.limitMs)}`;
    case "await-value":
      return `await ${step.value} ${step.comparator} ${step.wanted} on ${step.on.text}, at most ${formatMs(step.limitMs)}`;
  }
}

/** Whom a step acts on, in words. */
function subjectsText(on: StepSubjects): string {
  switch (on.kind) {
    case "nodes":
      return on.selections.map(({ text }) => text).join(", ");
    case "sides":
      return on.sides.map((side) => side.map(({ text }) => text).join(" + ")).join(" | ");
  }
}
