import type { Action } from "../core/action.ts";
import { numberOf } from "../core/node-of.ts";
import { proxyError, type ProxyRead, type ToxicRead } from "./proxy-api.ts";

/** A toxic as it is sent: on the bytes of the dialler, for every connection, as a target's links are directed. */
export interface LinkToxic<T extends string = string> {
  readonly name: string;
  readonly type: T;
  readonly stream: "upstream";
  readonly toxicity: 1;
  readonly attributes: Readonly<Record<string, number>>;
}

/** The toxics of the real server that carry out actions on links. */
export type RealToxicType = "bandwidth" | "latency" | "timeout";

/** The largest value of an attribute: beyond it the real server's arithmetic runs over, and it dies of some. */
const largest = 2 ** 31 - 1;

/** The toxic by which the built-in proxy carries out an action; checked. Throws `HarnessError` (exit 69) for attributes that cannot be. */
export function builtinToxic(action: Action): LinkToxic {
  switch (action.capability) {
    case "link.stall":
      return toxic(action, "stall", {});
    case "link.blackhole":
      // Its own type: nothing gets through, not even a close.
      return toxic(action, "blackhole", {});
    case "link.reset":
      return toxic(action, "reset", {});
    case "link.corrupt":
      // Attributes are whole numbers: the rate goes in millionths.
      return toxic(action, "corrupt", {
        rate: Math.round(numberOf(action, "rate") * 1e6),
        seed: numberOf(action, "seed"),
      });
    case "link.latency":
      return toxic(action, "latency", { ...delays(action), seed: numberOf(action, "seed") });
    default:
      return sharedToxic(action);
  }
}

/** The toxic by which a real server carries out an action; checked. Throws `HarnessError` (exit 69) for what it cannot do. */
export function realToxic(action: Action): LinkToxic<RealToxicType> {
  switch (action.capability) {
    case "link.stall":
      return toxic(action, "bandwidth", { rate: 0 });
    case "link.latency":
      return toxic(action, "latency", delays(action));
    case "link.blackhole":
      return toxic(action, "timeout", { timeout: 0 });
    default:
      return sharedToxic(action);
  }
}

function sharedToxic(action: Action): LinkToxic<RealToxicType> {
  if (action.capability === "link.bandwidth") return toxic(action, "bandwidth", { rate: numberOf(action, "rateKBs") });
  throw proxyError(`it has no toxic for ${action.capability}; --proxy builtin has it`);
}

/** Whether a toxic of the real server lets nothing through. */
export function isStall({ type, attributes }: Pick<ToxicRead, "type" | "attributes">): boolean {
  return type === "bandwidth" && attributes["rate"] === 0;
}

/** From the action's id, so that overlapping faults never undo each other; without what a URL path would trip over. */
export function toxicName(action: Action): string {
  return action.id.replaceAll("/", ".").replaceAll(">", "-");
}

/** What a proxy has otherwise than was sent, in words with both values; null: it has just that. */
export function differenceOf(proxy: ProxyRead | undefined, sent: LinkToxic): string | null {
  if (proxy === undefined) return "the proxy is gone";
  const found = proxy.toxics.find(({ name }) => name === sent.name);
  if (found === undefined) return `${sent.name} was sent, and is not there`;
  const fields = [
    ["type", sent.type, found.type],
    ["stream", sent.stream, found.stream],
    ["toxicity", sent.toxicity, found.toxicity],
    ...Object.entries(sent.attributes).map(([name, value]) => [name, value, found.attributes[name] ?? null] as const),
  ] as const;
  const other = fields.find(([, asked, read]) => asked !== read);
  if (other === undefined) return null;
  const [field, asked, read] = other;
  return `${sent.name} was sent with ${field} ${asked}, and is there with ${JSON.stringify(read)}`;
}

function delays(action: Action): Readonly<Record<string, number>> {
  return { latency: Math.round(numberOf(action, "delayMs")), jitter: Math.round(numberOf(action, "jitterMs")) };
}

/** Some values end the real server's process, and it takes every one of them with a 200: none is sent. */
function toxic<T extends string>(action: Action, type: T, attributes: Readonly<Record<string, number>>): LinkToxic<T> {
  for (const [name, value] of Object.entries(attributes)) {
    if (Number.isInteger(value) && value >= 0 && value <= largest) continue;
    const range = `a whole number from 0 to ${largest}`;
    throw proxyError(`${action.id} was not sent: ${name} of ${type} is ${value}; it has to be ${range}`);
  }
  return { name: toxicName(action), type, stream: "upstream", toxicity: 1, attributes };
}
