import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import { parseJson } from "../core/json.ts";
import type { PlaygroundAnswer, PlaygroundRequest } from "../core/playground.ts";

/** Longest time that an answer may take, in ms: taking a swarm down includes healing it. */
const answerLimitMs = 40_000;

/** How a playground is served. */
export interface Listening {
  /** Path of the socket; its owner alone may use it. */
  readonly path: string;
  readonly answer: (request: PlaygroundRequest) => Promise<PlaygroundAnswer>;
  readonly signal: AbortSignal;
  /** It can be asked from now on. */
  readonly onReady: () => void;
}

/** Answers requests on a Unix socket, one JSON document a line, until the signal aborts. Both ends are the same program. */
export async function listen({ path, answer, signal, onReady }: Listening): Promise<void> {
  const server = createServer((socket) => serve(socket, answer));
  const closed = new Promise<void>((resolve, reject) => {
    server.on("close", resolve).on("error", reject);
  });
  await Promise.race([new Promise<void>((resolve) => server.listen(path, resolve)), closed]);
  // Whoever may write to it may break the swarm.
  chmodSync(path, 0o600);
  const stop = (): void => void server.close();
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  onReady();
  await closed;
  rmSync(path, { force: true });
}

/** Asks a playground one thing. Throws `HarnessError` for what it refuses, and (exit 69) if it does not answer. */
export async function askPlayground(path: string, request: PlaygroundRequest): Promise<PlaygroundAnswer> {
  const answer = await new Promise<unknown>((resolve, reject) => {
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`));
    socket.setTimeout(answerLimitMs, () => socket.destroy(new Error(`no answer within ${answerLimitMs} ms`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("it ended without an answer")));
    createInterface({ input: socket }).once("line", (line) => {
      resolve(parseJson(line)?.value);
      socket.end();
    });
  }).catch((thrown: unknown) => {
    throw new HarnessError(`the playground does not answer: ${messageOf(thrown)}`, {
      code: "playground-gone",
      exit: "unavailable",
      next: "prism-chaos ps; prism-chaos heal takes back what it left",
      cause: thrown,
    });
  });
  if (!isAnswer(answer)) throw new TypeError("the playground's answer is none");
  if (answer.kind !== "refused") return answer;
  throw new HarnessError(answer.message, { code: answer.code, exit: answer.exit, next: answer.next });
}

function serve(socket: Socket, answer: (request: PlaygroundRequest) => Promise<PlaygroundAnswer>): void {
  // Whoever asks may be gone before the answer: that is no concern of the swarm's.
  socket.on("error", () => undefined);
  createInterface({ input: socket }).once("line", (line) => {
    const request: unknown = parseJson(line)?.value;
    const answered = isRequest(request) ? answer(request) : Promise.reject(new TypeError("this is no request"));
    void answered.catch((thrown: unknown) => refusal(thrown)).then((said) => socket.end(`${JSON.stringify(said)}\n`));
  });
}

function refusal(thrown: unknown): PlaygroundAnswer {
  if (!(thrown instanceof HarnessError)) {
    const next = "look at holder.log in its folder";
    return { kind: "refused", message: messageOf(thrown), code: "playground-bug", exit: "bug", next };
  }
  const { message, code, next } = thrown;
  const exit = thrown.exit === "usage" || thrown.exit === "residue" ? thrown.exit : "unavailable";
  return { kind: "refused", message, code, exit, next };
}

function isRequest(value: unknown): value is PlaygroundRequest {
  return typeof value === "object" && value !== null && "ask" in value;
}

function isAnswer(value: unknown): value is PlaygroundAnswer {
  return typeof value === "object" && value !== null && "kind" in value;
}
