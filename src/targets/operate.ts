import { packageFolder, secretsInEnvironment } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { own } from "../core/own.ts";
import type { CallOperation, CallTogether, OperationAnswer } from "../core/operation-answer.ts";
import type { Operation, Target } from "../core/target.ts";
import { type Redaction, redaction } from "../core/redaction.ts";
import { wellFormed } from "../core/well-formed.ts";
import type { TextAnswer, Transports } from "../core/transports.ts";
import { within } from "../core/wait.ts";
import { addressValues, folderValues } from "./address-values.ts";
import { classify } from "./classify.ts";
import { Identities } from "./identities.ts";
import { type Asked, overCommand, overHttp, overTcp, overWebSocket } from "./requests.ts";
import { namedSecrets } from "./secrets.ts";
import { credentialHeaders } from "./security.ts";
import type { Values } from "./template.ts";

/** A target at work: its operations, on its nodes. */
export interface TargetAtWork {
  readonly call: CallOperation;
  /** Operations that ask the same of a node, by one request. */
  readonly callTogether: CallTogether;
  /** Which of these operations ask the same of a node and can be called together; each is in one group. */
  readonly together: (names: readonly string[]) => readonly (readonly string[])[];
}

/** As `workOf`, where only single operations are called. */
export function operations(target: Target, addresses: readonly NodeAddress[], transports: Transports): CallOperation {
  return workOf(target, addresses, transports).call;
}

/**
 * A target at work: its operations, on nodes at these addresses, over these transports. Throws `HarnessError` (exit 69) for credentials that
 * are not there; a call rejects (exit 64) for an operation or node that the target does not have.
 */
export function workOf(target: Target, addresses: readonly NodeAddress[], transports: Transports): TargetAtWork {
  const byNode = new Map(addresses.map((address) => [address.node, address]));
  const identities = new Identities(target.nodes.identity, [...byNode.keys()]);
  const credentials = credentialHeaders(target.credentials);
  const folders = folderValues(target, packageFolder());
  const secrets = namedSecrets(target).map(([, value]) => value);
  const hide = redaction([...Object.values(credentials), ...secrets, ...secretsInEnvironment()]);
  const send = async (call: Parameters<CallOperation>[0], operation: Operation): Promise<TextAnswer> => {
    const address = byNode.get(call.node);
    if (address === undefined) throw missing(target, call.operation, call.node);
    const values: Values = { ...folders, ...addressValues(address), ...call.arguments, node: call.node };
    const asked: Asked = { values, address, credentials, target };
    return carry(operation, asked, { transports, signal: within(call.timeoutMs, call.signal) });
  };
  const callTogether: CallTogether = async ({ operations: names, ...rest }) => {
    const asked = names.map((name) => ({ name, operation: operationOf(target, name, rest.node) }));
    const [first] = asked;
    if (first === undefined) return new Map();
    const call = { ...rest, operation: first.name };
    const raw = await send(call, first.operation);
    const judge = (): readonly (readonly [string, Judged])[] =>
      asked.map(({ name, operation }) => [name, judged(operation, raw, identities)]);
    const learnt = judge();
    for (const [name, { answer }] of learnt) identities.learn(call.node, name, answer);
    const told = (all: readonly (readonly [string, Judged])[]): ReadonlyMap<string, OperationAnswer> =>
      new Map(all.map(([name, { answer }]) => [name, shown(answer, hide)]));
    if (!learnt.some(([, { hasUnknown }]) => hasUnknown)) return told(learnt);
    await identities.askMissing(async (node, name) => {
      const operation = own(target.operations, name);
      if (operation === undefined) return;
      const answer = await send({ ...call, node, operation: name, arguments: {} }, operation);
      identities.learn(node, name, judged(operation, answer, identities).answer);
    });
    return told(judge());
  };
  return {
    callTogether,
    call: async ({ operation, ...call }) => {
      const answer = (await callTogether({ ...call, operations: [operation] })).get(operation);
      return answer ?? { outcome: "fail", error: "no answer was read", isAnswered: false };
    },
    together: (names) => [...Map.groupBy(names, (name) => requestKey(own(target.operations, name), name)).values()],
  };
}

function operationOf(target: Target, name: string, node: string): Operation {
  const operation = own(target.operations, name);
  if (operation === undefined) throw missing(target, name, node);
  return operation;
}

/** The same for operations that send the same: all of them but how the answer is read. */
function requestKey(operation: Operation | undefined, name: string): string {
  if (operation === undefined) return name;
  const { ok: _ok, definite: _definite, values: _values, says: _says, answer: _answer, ...request } = operation;
  return JSON.stringify(request);
}

interface Judged {
  readonly answer: OperationAnswer;
  /** An identity in it is not known to be any node's. */
  readonly hasUnknown: boolean;
}

function judged(operation: Operation, raw: TextAnswer, identities: Identities): Judged {
  let hasUnknown = false;
  const answer = classify(operation, raw, (identity) => {
    const node = identities.nodeOf(identity);
    hasUnknown ||= node === null;
    return node;
  });
  return { answer, hasUnknown };
}

interface Carrier {
  readonly transports: Transports;
  readonly signal: AbortSignal;
}

async function carry(operation: Operation, asked: Asked, { transports, signal }: Carrier): Promise<TextAnswer> {
  switch (operation.by) {
    case "http": {
      const answer = await transports.http(overHttp(operation, asked), signal);
      return answer.answered ? { answered: true, code: answer.status, text: answer.body } : answer;
    }
    case "websocket":
      return transports.websocket(overWebSocket(operation, asked), signal);
    case "tcp":
      return transports.tcp(overTcp(operation, asked), signal);
    case "command":
      return transports.command(overCommand(operation, asked), signal);
  }
}

/** The answer without secrets, and in Unicode. */
function shown(answer: OperationAnswer, hide: Redaction): OperationAnswer {
  if (answer.outcome !== "ok") return { ...answer, error: hide.text(answer.error).toWellFormed() };
  const values = Object.entries(answer.values).map(([name, value]) => [name, wellFormed(hide.json(value))] as const);
  return { ...answer, values: Object.fromEntries(values) };
}

function missing(target: Target, operation: string, node: string): HarnessError {
  return new HarnessError(`target ${target.name} has no operation "${operation}" on a node "${node}"`, {
    code: "no-such-operation",
    exit: "usage",
    next: `add it to ${target.file} under "operations"`,
  });
}
