import { connect, createServer } from "node:net";

// One end of connections that idle, started by proxy-idle.ts and ended with it: `serve` answers what it reads, `dial PORT COUNT` opens connections, each of which
// has sent and got one byte before it idles. Tells by its channel the port, or how many stand.

const [kind = "", port = "0", count = "0"] = process.argv.slice(2);
process.on("disconnect", () => process.exit(0));
if (kind === "serve") serve();
else await dial(Number(port), Number(count));

function serve(): void {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).on("data", (chunk) => socket.write(chunk));
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
    const address = server.address();
    process.send?.(address === null || typeof address === "string" ? 0 : address.port);
  });
}

async function dial(to: number, wanted: number): Promise<void> {
  let standing = 0;
  while (standing < wanted) {
    const some = Math.min(100, wanted - standing);
    await Promise.all(Array.from({ length: some }, () => dialOne(to)));
    standing += some;
  }
  process.send?.(standing);
}

function dialOne(to: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: "127.0.0.1", port: to }, () => socket.write("x"));
  socket.once("data", () => resolve());
  socket.on("error", reject).on("close", () => reject(new Error("a connection did not stand")));
  return promise;
}
