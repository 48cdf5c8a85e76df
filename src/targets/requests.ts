import { HarnessError } from "../core/harness-error.ts";
import type { Json } from "../core/json.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { own } from "../core/own.ts";
import type { HttpRequest } from "../core/operation-answer.ts";
import type { CommandOperation, HttpOperation, Target, TcpOperation, WebSocketOperation } from "../core/target.ts";
import type { CommandRequest, TcpRequest, WebSocketRequest } from "../core/transports.ts";
import { readAnswer } from "./answer-text.ts";
import { holds } from "./conditions.ts";
import { revealEnvironment } from "./secrets.ts";
import { fill, fillJson, fillRecord, type Values } from "./template.ts";

/** Of whom an operation is asked, with what its templates are filled, and what it shows to be let in. */
export interface Asked {
  readonly target: Target;
  readonly address: NodeAddress;
  readonly values: Values;
  readonly credentials: Readonly<Record<string, string>>;
}

/** An HTTP operation as a request. */
export function overHttp(operation: HttpOperation, asked: Asked): HttpRequest {
  const body = bodyOf(operation, asked.values);
  return {
    ...placeOf(operation.port, asked),
    method: operation.method,
    path: fill(operation.path, asked.values),
    headers: headersOf(operation, asked),
    body: body === null ? null : JSON.stringify(fillJson(body, asked.values)),
  };
}

/** A WebSocket operation as a request. */
export function overWebSocket(operation: WebSocketOperation, asked: Asked): WebSocketRequest {
  const send = fillJson(operation.send, asked.values);
  return {
    ...placeOf(operation.port, asked),
    path: fill(operation.path, asked.values),
    headers: headersOf(operation, asked),
    send: send === null || typeof send === "string" ? send : JSON.stringify(send),
    isAnswer: (message) => {
      const read = readAnswer(operation, null, message);
      return operation.until.every((condition) => holds(condition, read));
    },
  };
}

/** A TCP operation as a request. */
export function overTcp(operation: TcpOperation, asked: Asked): TcpRequest {
  const { until } = operation;
  return {
    ...placeOf(operation.port, asked),
    send: fill(operation.send, asked.values),
    isWhole: until === null ? null : (received) => new RegExp(until, "m").test(received),
  };
}

/** An operation that is a program, as it is run; its secrets are read here. */
export function overCommand(operation: CommandOperation, { values }: Asked): CommandRequest {
  return {
    program: fill(operation.program, values),
    arguments: operation.arguments.map((argument) => fill(argument, values)),
    environment: revealEnvironment(operation.environment, values),
    input: fill(operation.input, values),
  };
}

function bodyOf({ body, cases }: HttpOperation, values: Values): Json {
  const isIt = ([name, wanted]: readonly [string, Json]): boolean =>
    JSON.stringify(own(values, name) ?? null) === JSON.stringify(wanted);
  return cases.find(({ when }) => Object.entries(when).every(isIt))?.body ?? body;
}

function headersOf(
  { headers, credentials }: HttpOperation | WebSocketOperation,
  asked: Asked,
): Readonly<Record<string, string>> {
  return { ...fillRecord(headers, asked.values), ...(credentials ? asked.credentials : {}) };
}

function placeOf(
  name: string,
  { target, address }: Asked,
): { readonly host: string; readonly port: number; readonly isSecure: boolean } {
  const port = own(address.ports, name);
  if (port !== undefined) return { host: address.host, port, isSecure: target.tls?.ports.includes(name) ?? false };
  throw new HarnessError(`node ${address.node} has no port "${name}"`, {
    code: "no-such-port",
    exit: "usage",
    next: `name it under nodes in ${target.file}`,
  });
}
