import { afterAll, beforeAll, expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { differences } from "./differences.ts";
import { points } from "./index.ts";
import type { ServerProcess, StartServer } from "./server-process.ts";

/** Makes a test of every point, all against one server; one that is gone is started anew for the next point. */
export function testPoints(start: StartServer): void {
  let server: ServerProcess | null = null;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.each(points.map((point) => [point.number, point.title, point.check] as const))(
    "%d: %s",
    async (number, _title, check) => {
      if (server?.isRunning() !== true) server = await start();
      await using bench = new Bench(server, start);
      await check(bench);
      // Whether a point tells the servers apart is seen by running it; the table of differences has to say so too.
      expect(bench.hasDiffered).toBe(differences.some(({ point }) => point === number));
      expect(server.isRunning()).toBe(true);
    },
  );
}
