import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** An address whose SYN packets nobody answers. Its disposal ends the process behind it. */
export interface BlackHole extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
}

const program = `
const server = require("node:net").createServer();
server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => console.log(server.address().port));
`;

/** How long a connection on loopback may take before it counts as one that is never answered, in ms. */
const unansweredMs = 300;

/** Stops a listening process and fills its queue of connections: the system drops every further SYN. */
export async function openBlackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  child.kill("SIGSTOP");
  const port = Number(line);
  const sockets: Socket[] = [];
  const isAnswered = async (): Promise<boolean> => {
    const socket = connect({ host: "127.0.0.1", port });
    sockets.push(socket.on("error", () => {}));
    const connected = once(socket, "connect").then(() => true);
    return Promise.race([connected, delay(unansweredMs, false)]);
  };
  while (await isAnswered()) if (sockets.length > 16) throw new Error("the queue of connections does not fill");
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
