import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { nowMs } from "./figures.ts";

/** What the benchmark tells this process. `connect`: where each link's bytes go in, `host:port`. */
export type Command =
  { readonly kind: "connect"; readonly reach: readonly string[]; readonly everyMs: number } | { readonly kind: "tell" };

/** What this process tells. `port`: where the links' bytes come out. Times are those of `nowMs`; 0 is never. */
export type Report =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "connected" }
  | {
      readonly kind: "told";
      /** When the last byte arrived, on each link. */
      readonly arrivedMs: readonly number[];
      /** When both ends of each link's connection were closed. */
      readonly closedMs: readonly number[];
    };

// Both ends of every link in one process: small messages go in, and when they come out is remembered. Started by cut.ts, and ended with it.

const MESSAGE_BYTES = 64;

let senders: readonly Socket[] = [];
let arrivedMs: number[] = [];
let closedMs: number[] = [];
let openEnds: number[] = [];
let ticker: NodeJS.Timeout | undefined;

const server = createServer({ noDelay: true }, (socket) => receive(socket));
process.on("disconnect", () => process.exit(0));
process.on("message", (command: Command) => void obey(command));
server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 });
await once(server, "listening");
const bound = server.address();
tell({ kind: "ready", port: bound === null || typeof bound === "string" ? 0 : bound.port });

async function obey(command: Command): Promise<void> {
  if (command.kind === "tell") return tell({ kind: "told", arrivedMs, closedMs });
  clearInterval(ticker);
  for (const sender of senders) sender.destroy();
  const { reach, everyMs } = command;
  arrivedMs = reach.map(() => 0);
  closedMs = reach.map(() => 0);
  openEnds = reach.map(() => 2);
  senders = reach.map((address, index) => dial(address, index));
  await Promise.all(senders.map((sender) => once(sender, "connect")));
  ticker = send(everyMs);
  tell({ kind: "connected" });
}

function dial(address: string, index: number): Socket {
  const [host = "", port = ""] = address.split(":");
  const sender = connect({ host, port: Number(port), noDelay: true });
  sender.on("error", () => undefined).on("close", () => close(index, sender));
  return sender;
}

/** Each link in its turn, all of them once in `everyMs`. */
function send(everyMs: number): NodeJS.Timeout {
  const messages = senders.map((_, index) =>
    Buffer.alloc(MESSAGE_BYTES, index.toString().padStart(MESSAGE_BYTES, "0")),
  );
  const fromMs = nowMs();
  let sent = 0;
  return setInterval(() => {
    const due = Math.min(senders.length, Math.floor(((nowMs() - fromMs) / everyMs) * senders.length) - sent);
    for (let turn = 0; turn < due; turn += 1) {
      const index = (sent + turn) % senders.length;
      const sender = senders[index];
      if (sender?.writable === true) sender.write(messages[index] ?? "");
    }
    // A turn that came late is not made up for: what a busy process cannot send is not sent.
    sent = Math.max(sent + due, Math.floor(((nowMs() - fromMs) / everyMs) * senders.length));
  }, 1);
}

function receive(socket: Socket): void {
  let index: number | null = null;
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (index !== null) close(index, senders[index]);
  });
  socket.on("data", (chunk: Buffer) => {
    index ??= Number(chunk.toString("latin1", 0, MESSAGE_BYTES));
    arrivedMs[index] = nowMs();
  });
}

/** One end of a link is closed; ends of connections before the last `connect` do not count. */
function close(index: number, sender: Socket | undefined): void {
  if (sender !== senders[index]) return;
  openEnds[index] = (openEnds[index] ?? 0) - 1;
  if (openEnds[index] === 0) closedMs[index] = nowMs();
}

function tell(report: Report): void {
  process.send?.(report);
}
