import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Ports } from "./ports.ts";

test("Two runs are given no port in common, although neither listens on any of its own.", async () => {
  const [one, other] = [new Ports(), new Ports()];
  const mine = await one.take(100);
  const theirs = await other.take(100);
  expect(new Set([...mine, ...theirs]).size).toBe(200);
  await Promise.all([one.dispose(), other.dispose()]);
});

test("A port is below the range of outgoing connections, can be listened on, closed and listened on again.", async () => {
  const ports = new Ports();
  const [port = 0] = await ports.take(1);
  expect(port).toBeGreaterThan(12_000);
  expect(port).toBeLessThan(32_000);
  for (let turn = 0; turn < 3; turn += 1) {
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
  }
  await ports.dispose();
});

test("When every block is taken it says so, and once they are let go there are ports again.", async () => {
  const range = { lowest: 11_000, highest: 11_128 };
  const greedy = new Ports(range);
  await expect(greedy.take(1000)).rejects.toMatchObject({ exitCode: 69 });
  const other = new Ports(range);
  await expect(other.take(1)).rejects.toMatchObject({ exitCode: 69 });
  await greedy.dispose();
  const later = new Ports(range);
  expect(await later.take(1)).toHaveLength(1);
  await Promise.all([other.dispose(), later.dispose()]);
});
