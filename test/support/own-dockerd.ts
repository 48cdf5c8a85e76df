import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually.ts";
import { endProcess } from "./processes.ts";
import { realServer } from "./real-toxiproxy.ts";

// dockerd must be there (scripts/setup-real.sh): without it these tests fail, they are not skipped.

const run = promisify(execFile);

/** A container runtime of the test's own: its socket, images and containers lie in a folder, and end with it. */
export interface OwnDockerd extends AsyncDisposable {
  /** What a program needs in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `docker` on it; gives what it prints. */
  docker(...args: readonly string[]): Promise<string>;
}

/** Starts it, with the real server as the image of Toxiproxy that would be fetched. It makes no bridge and no rule of a firewall. */
export async function startDockerd(): Promise<OwnDockerd> {
  const folder = mkdtempSync(join(tmpdir(), "dockerd-"));
  const socket = `unix://${join(folder, "docker.sock")}`;
  const log = openSync(join(folder, "log"), "a");
  const places = [
    "--data-root",
    join(folder, "data"),
    "--exec-root",
    join(folder, "exec"),
    "--pidfile",
    join(folder, "pid"),
  ];
  const quiet = ["--iptables=false", "--ip6tables=false", "--bridge=none"];
  const child = spawn("dockerd", ["-H", socket, ...places, ...quiet], { stdio: ["ignore", log, log] });
  await once(child, "spawn");
  const exited = once(child, "exit");
  // In a container that has no bridge to be asked, testcontainers is told where ports are.
  const environment = {
    DOCKER_HOST: socket,
    TESTCONTAINERS_HOST_OVERRIDE: "localhost",
  };
  const docker = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run("docker", [...args], { env: { ...process.env, ...environment }, timeout: 60_000 });
    return stdout.trim();
  };
  const dispose = async (): Promise<void> => {
    child.kill("SIGTERM");
    const limit = setTimeout(() => endProcess(child.pid ?? 0), 20_000);
    await exited;
    clearTimeout(limit);
    // It leaves the network name space of containers on the host's network mounted.
    for (const path of mountsBelow(folder)) await run("umount", [path]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const isUp = (): Promise<boolean> =>
      docker("version").then(
        () => true,
        () => child.exitCode !== null,
      );
    await eventually(isUp, { limitMs: 30_000, what: "an answer of dockerd" });
    if (child.exitCode !== null)
      throw new Error(`dockerd ended: ${readFileSync(join(folder, "log"), "utf8").slice(-500)}`);
    await importToxiproxy(folder, docker);
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
  return { environment, docker, [Symbol.asyncDispose]: dispose };
}

function mountsBelow(folder: string): readonly string[] {
  const paths = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  return paths.filter((path) => path.startsWith(`${folder}/`)).reverse();
}

/** The image of Toxiproxy is its static binary and nothing else: so it is made here from the one that is installed. */
async function importToxiproxy(folder: string, docker: OwnDockerd["docker"]): Promise<void> {
  const root = join(folder, "root");
  mkdirSync(root);
  copyFileSync(realServer, join(root, "toxiproxy"));
  const tar = join(folder, "toxiproxy.tar");
  await run("tar", ["-C", root, "-cf", tar, "toxiproxy"]);
  const changes = ['ENTRYPOINT ["/toxiproxy"]', 'CMD ["-host=0.0.0.0"]'].flatMap((change) => ["--change", change]);
  await docker("import", ...changes, tar, "ghcr.io/shopify/toxiproxy:2.12.0");
}
