import { spawn } from "node:child_process";
import { childEnvironment } from "../core/environment.ts";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { CommandRequest, TextAnswer, Transport } from "../core/transports.ts";
import { largestAnswer } from "./never-connected.ts";

/**
 * Runs a program for each request: its exit code and standard output are the answer. When its time is over it is killed, with everything that
 * it started in its process group.
 */
export function commandTransport(): Transport<CommandRequest> {
  return (asked, signal) =>
    new Promise<TextAnswer>((resolve) => {
      if (signal.aborted) return resolve({ answered: false, notSent: true, error: "time-out" });
      const child = spawn(asked.program, [...asked.arguments], {
        env: childEnvironment(asked.environment),
        stdio: ["pipe", "pipe", "ignore"],
        detached: true,
      });
      let output = "";
      let broken: string | null = null;
      const kill = (error: string): void => {
        broken ??= error;
        if (child.pid !== undefined) killGroup(child.pid);
      };
      const onAbort = (): void => kill("time-out");
      const end = (answer: TextAnswer): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(answer);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.length > largestAnswer) kill(`an output of more than ${largestAnswer} characters`);
      });
      // A program that does not read its input closes it: that is no error of ours.
      child.stdin.on("error", () => undefined).end(asked.input);
      child.on("error", (thrown) => {
        const error = `${asked.program}: ${systemCodeOf(thrown) ?? messageOf(thrown)}`;
        if (child.pid === undefined) end({ answered: false, notSent: true, error });
      });
      child.on("close", (code, by) => {
        if (broken === null && code !== null) return end({ answered: true, code, text: output });
        end({ answered: false, notSent: false, error: broken ?? `ended by ${by ?? "nobody knows what"}` });
      });
    });
}

/** Kills a process group that this process started; one that is gone already is none to kill. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "ESRCH") throw thrown;
  }
}
