import { packageFolder } from "../core/environment.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { own } from "../core/own.ts";
import type { CallOperation, OperationAnswer } from "../core/operation-answer.ts";
import type { Operation, Target } from "../core/target.ts";
import type { TextAnswer, Transports } from "../core/transports.ts";
import { within } from "../core/wait.ts";
import { addressValues, folderValues } from "./address-values.ts";
import { classify } from "./classify.ts";
import { Identities } from "./identities.ts";
import { type Asked, overCommand, overHttp, overTcp, overWebSocket } from "./requests.ts";
import { type Hiding, hiding, reveal, secretsOf } from "./secrets.ts";
import { credentialHeaders } from "./security.ts";
import type { Values } from "./template.ts";

/**
 * A target at work: its operations, on nodes at these addresses, over these transports. Throws `HarnessError` (exit 69) for credentials that
 * are not there; a call rejects (exit 64) for an operation or node that the target does not have.
 */
export function operations(target: Target, addresses: readonly NodeAddress[], transports: Transports): CallOperation {
  const byNode = new Map(addresses.map((address) => [address.node, address]));
  const identities = new Identities(target.nodes.identity, [...byNode.keys()]);
  const credentials = credentialHeaders(target.credentials);
  const folders = folderValues(target, packageFolder());
  const hide = hiding(Object.values(credentials).concat(revealed(target)));
  const send = async (call: Parameters<CallOperation>[0], operation: Operation): Promise<TextAnswer> => {
    const address = byNode.get(call.node);
    if (address === undefined) throw missing(target, call.operation, call.node);
    const values: Values = { ...folders, ...addressValues(address), ...call.arguments, node: call.node };
    const asked: Asked = { values, address, credentials, target };
    return carry(operation, asked, { transports, signal: within(call.timeoutMs, call.signal) });
  };
  return async (call) => {
    const operation = own(target.operations, call.operation);
    if (operation === undefined) throw missing(target, call.operation, call.node);
    const raw = await send(call, operation);
    const learnt = judged(operation, raw, identities);
    identities.learn(call.node, call.operation, learnt.answer);
    if (!learnt.hasUnknown) return shown(learnt.answer, hide);
    await identities.askMissing(async (node, name) => {
      const told = own(target.operations, name);
      if (told === undefined) return;
      const answer = await send({ ...call, node, operation: name, arguments: {} }, told);
      identities.learn(node, name, judged(told, answer, identities).answer);
    });
    return shown(judged(operation, raw, identities).answer, hide);
  };
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

/** The secrets that operations are made with, so that none of them is repeated. */
function revealed(target: Target): readonly string[] {
  const ofNodes = target.nodes.source.kind === "started" ? Object.values(target.nodes.source.start.environment) : [];
  return secretsOf(target)
    .filter((secret) => !ofNodes.includes(secret))
    .map(reveal);
}

function shown(answer: OperationAnswer, hide: Hiding): OperationAnswer {
  if (answer.outcome !== "ok") return { ...answer, error: hide.text(answer.error) };
  const values = Object.entries(answer.values).map(([name, value]) => [name, hide.json(value)] as const);
  return { outcome: "ok", values: Object.fromEntries(values) };
}

function missing(target: Target, operation: string, node: string): HarnessError {
  return new HarnessError(`target ${target.name} has no operation "${operation}" on a node "${node}"`, {
    code: "no-such-operation",
    exit: "usage",
    next: `add it to ${target.file} under "operations"`,
  });
}
