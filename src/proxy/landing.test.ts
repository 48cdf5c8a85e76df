import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { Landing } from "./landing.ts";

const kib = 1024;

/** Lets a landing have reads of these sizes, which are never larger than its memory; the memory's size before each. */
function readsOf(landing: Landing, sizes: readonly number[]): readonly number[] {
  const { onread } = landing;
  const { buffer } = onread;
  if (typeof buffer !== "function") throw new Error("it has a memory for good");
  return sizes.map((size) => {
    const memory = buffer();
    onread.callback(Math.min(size, memory.length), memory);
    return memory.length / kib;
  });
}

test("Memory grows while reads fill it, to 256 KiB, and shrinks after 64 small reads.", () => {
  const landing = new Landing();
  expect(readsOf(landing, [1, 32 * kib, 128 * kib, 256 * kib, 256 * kib])).toEqual([32, 32, 128, 256, 256]);
  const after = readsOf(
    landing,
    Array.from({ length: 200 }, () => 10),
  );
  expect([after[63], after.at(-1)]).toEqual([256, 32]);
});

test("What is read is the bytes of that read alone; memory that is in use is not read into again.", () => {
  const landing = new Landing();
  const seen: Buffer[] = [];
  landing.attach((bytes) => {
    seen.push(bytes);
    return seen.length > 1;
  });
  const { buffer } = landing.onread;
  if (typeof buffer !== "function") throw new Error("it has a memory for good");
  const [first] = [buffer()];
  readsOf(landing, [3]);
  const second = buffer();
  readsOf(landing, [5]);
  expect([first === second, second === buffer()]).toEqual([false, true]);
  expect(seen.map(({ length }) => length)).toEqual([3, 5]);
});

/** What arrives when the accepted socket is adopted, after `change` was made to it. */
async function adopted(change: (accepted: Socket) => Socket): Promise<string> {
  const server: Server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const client = connect(address === null || typeof address === "string" ? 0 : address.port, "127.0.0.1");
  const [accepted] = (await once(server, "connection")) as [Socket];
  const landing = new Landing();
  const { promise, resolve } = Promise.withResolvers<string>();
  landing.attach((bytes) => {
    resolve(bytes.toString());
    return true;
  });
  const socket = landing.adopt(change(accepted));
  client.end("hello");
  const text = await promise;
  socket.destroy();
  server.close();
  return text;
}

test("An accepted socket is adopted as one that reads into the memory.", async () => {
  expect(await adopted((accepted) => accepted)).toBe("hello");
});

test("One whose handle is not where it is looked for reads as Node does.", async () => {
  const hidden = (accepted: Socket): Socket =>
    new Proxy(accepted, {
      get: (of, name) => {
        const value: unknown = name === "_handle" ? undefined : Reflect.get(of, name);
        return typeof value === "function" ? value.bind(of) : value;
      },
    });
  expect(await adopted(hidden)).toBe("hello");
});
