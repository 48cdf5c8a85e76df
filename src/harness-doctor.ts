import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { packageFolder, stateFolder } from "./core/environment.ts";
import { exitCodes } from "./core/exit-code.ts";
import { messageOf } from "./core/harness-error.ts";
import { currentCommit, toolInfo } from "./core/provenance.ts";
import { ask, firstOf, hasFreePorts, isWritable } from "./drivers/installed.ts";
import { machineFacts } from "./drivers/machine.ts";
import { standings } from "./harness-effects.ts";
import { doctorText, type Finding } from "./reporters/doctor-text.ts";

// The part of the composition root that says what is installed, usable and permitted here.

/** Five nodes with three ports each, one proxy for each of their twenty links, and its API. */
const portsOfARun = 36;

/** Looks at everything that runs need or can use. Exit 0 if the embedded default can run, 69 otherwise. Changes nothing but for making folders that runs make. */
export async function doctor(outFolder: string): Promise<Outcome> {
  const needed = [
    node(),
    proc(),
    swarm(),
    writable("reports folder", resolve(outFolder)),
    writable("state folder", stateFolder()),
    await ports(),
    residue(),
  ];
  const asked = await Promise.all([...programs.map(program), docker(), namespaces()]);
  const optional = [commit(), ...asked, ...limits(), fuse()];
  const canRun = needed.every(({ status }) => status === "ok");
  const findings = [...needed, ...optional];
  return {
    exitCode: canRun ? exitCodes.pass : exitCodes.unavailable,
    text: doctorText(findings, canRun),
    json: { canRun, findings },
  };
}

interface Known {
  readonly what: string;
  readonly for: string;
  readonly get: string;
  readonly isNeeded: boolean;
}

function found(known: Known, status: Finding["status"], detail: string): Finding {
  return { ...known, status, detail, get: status === "ok" ? "" : known.get };
}

function node(): Finding {
  const { node: version } = toolInfo();
  const known = {
    what: "Node",
    for: "running prism-chaos",
    get: "Node 24 or later: npx prism-chaos takes the one that comes with it",
    isNeeded: true,
  };
  return found(known, Number(/\d+/.exec(version)?.[0]) >= 24 ? "ok" : "no", version);
}

function proc(): Finding {
  const known = {
    what: "/proc",
    for: "telling processes apart and finding what a run left",
    get: "Linux with /proc mounted",
    isNeeded: true,
  };
  return found(known, firstOf(["/proc/self/environ"]) === null ? "missing" : "ok", toolInfo().platform);
}

function swarm(): Finding {
  const known = {
    what: "reference swarm",
    for: "the target that runs without anything else",
    get: "npm run build",
    isNeeded: true,
  };
  const built = firstOf([join(packageFolder(), "dist", "fixtures", "reference-swarm", "main.js")]);
  return found(known, built === null ? "missing" : "ok", built ?? "not built");
}

function writable(what: string, path: string): Finding {
  const known = { what, for: "what runs write", get: `make ${path} writable`, isNeeded: true };
  try {
    mkdirSync(path, { recursive: true });
    return found(known, isWritable(path) ? "ok" : "no", path);
  } catch (thrown) {
    return found(known, "no", messageOf(thrown));
  }
}

async function ports(): Promise<Finding> {
  const known = {
    what: "loopback ports",
    for: "nodes and the proxy",
    get: "end programs that hold ports, or raise ulimit -n",
    isNeeded: true,
  };
  return found(known, (await hasFreePorts(portsOfARun)) ? "ok" : "no", `${portsOfARun} at once on 127.0.0.1`);
}

function residue(): Finding {
  const known = {
    what: "residue",
    for: "runs refuse to start over what was left behind",
    get: "prism-chaos heal",
    isNeeded: true,
  };
  const left = standings().filter(({ standing }) => standing !== "alive");
  return found(
    known,
    left.length === 0 ? "ok" : "no",
    left.length === 0 ? "none" : left.map(({ run }) => run).join(", "),
  );
}

function commit(): Finding {
  const known = {
    what: "git commit",
    for: "saying in reports what was tested",
    get: "run inside a git repository",
    isNeeded: false,
  };
  const hash = currentCommit();
  return found(known, hash === null ? "missing" : "ok", hash ?? "no repository here");
}

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly for: string;
  readonly get: string;
}

const programs: readonly Program[] = [
  {
    name: "toxiproxy-server",
    args: ["-version"],
    for: "a real Toxiproxy instead of the built-in proxy (--proxy toxiproxy)",
    get: "https://github.com/Shopify/toxiproxy/releases, into the PATH; or docker",
  },
  {
    name: "kubectl",
    args: ["version", "--client"],
    for: "targets in a cluster",
    get: "https://kubernetes.io/docs/tasks/tools/",
  },
  {
    name: "k6",
    args: ["version"],
    for: "load scripts of k6",
    get: "https://grafana.com/docs/k6/latest/set-up/install-k6/",
  },
];

async function program({ name, args, for: purpose, get }: Program): Promise<Finding> {
  const { exitCode, line } = await ask(name, args);
  const known = { what: name, for: purpose, get, isNeeded: false };
  if (exitCode === 0) return found(known, "ok", line);
  return exitCode === null ? found(known, "missing", "not installed") : found(known, "no", line);
}

async function docker(): Promise<Finding> {
  const known = {
    what: "docker",
    for: "targets in containers; a real Toxiproxy where toxiproxy-server is not there (--proxy toxiproxy)",
    get: "https://docs.docker.com/engine/install/, and be allowed to reach its daemon",
    isNeeded: false,
  };
  const { exitCode, line } = await ask("docker", ["info", "--format", "{{.ServerVersion}}"]);
  if (exitCode === 0) return found(known, "ok", `daemon ${line}`);
  return exitCode === null
    ? found(known, "missing", "not installed")
    : found(known, "no", `daemon not reachable: ${line}`);
}

async function namespaces(): Promise<Finding> {
  const known = {
    what: "network namespaces",
    for: "faults below the connection: loss, delay, broken routes",
    get: "root, or user namespaces (sysctl kernel.unprivileged_userns_clone=1)",
    isNeeded: false,
  };
  const { exitCode, line } = await ask("unshare", ["--net", "--map-root-user", "true"]);
  if (exitCode === 0) return found(known, "ok", "permitted");
  return exitCode === null ? found(known, "missing", "unshare is not installed") : found(known, "no", line);
}

/** What faults that limit nodes are put on by, where this machine permits it. */
function limits(): readonly Finding[] {
  const facts = machineFacts();
  const told = [
    [
      "memory cgroups",
      facts.memory,
      "memory-limit",
      "root, or a delegated cgroup (systemd-run --user --scope -p Delegate=yes)",
    ],
    ["cpu cgroups", facts.cpu, "cpu-limit; without them nodes are stopped and let go", "as for memory"],
    ["mounting", facts.mount, "disk-fill", "root, or CAP_SYS_ADMIN; or a hook of the target's own"],
    ["prlimit", facts.prlimit, "descriptor-limit", "apt-get install util-linux"],
    ["libfaketime", facts.faketime, "clock-skew: clocks that are wrong", "apt-get install faketime"],
  ] as const;
  return told.map(([what, permission, purpose, get]) => {
    const known = { what, for: purpose, get, isNeeded: false };
    return permission.permitted ? found(known, "ok", permission.by) : found(known, "no", permission.reason);
  });
}

function fuse(): Finding {
  const known = {
    what: "FUSE",
    for: "disks that fail",
    get: "apt-get install fuse3, and access to /dev/fuse",
    isNeeded: false,
  };
  if (firstOf(["/dev/fuse"]) === null) return found(known, "missing", "no /dev/fuse");
  return found(known, isWritable("/dev/fuse") ? "ok" : "no", "/dev/fuse");
}
