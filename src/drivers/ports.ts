import getPort, { portNumbers } from "get-port";
import { randomStream, freshSeed } from "../core/random.ts";

/** Below the range from which Linux draws ports for outgoing connections (32768 and up): nobody takes one while its node is down. */
const lowest = 12_000;
const highest = 32_000;

/** TCP ports on loopback that are free now; none is given twice within the same half minute. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const candidates = randomStream(freshSeed(), "ports").shuffled([...portNumbers(lowest, highest)]);
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) {
    ports.push(await getPort({ port: candidates, host: "127.0.0.1" }));
  }
  return ports;
}
