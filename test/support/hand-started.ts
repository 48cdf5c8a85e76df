import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Ports } from "../../src/drivers/ports.ts";
import { packageRoot } from "./command-line.ts";

const host = "127.0.0.1";

/** The reference target's file as it is written, to be changed. */
export interface TargetFileText {
  name: string;
  nodes: Record<string, unknown>;
  links?: unknown;
  [key: string]: unknown;
}

/** Writes a target file that is the reference target's, changed. Gives its path. */
export function changedReference(file: string, change: (target: TargetFileText) => void): string {
  const text = readFileSync(join(packageRoot, "fixtures", "targets", "reference.yaml"), "utf8");
  const target = parse(text) as TargetFileText;
  change(target);
  writeFileSync(file, stringify(target, { aliasDuplicateObjects: false }));
  return file;
}

/** Nodes of the reference swarm that nobody of the harness started. */
export class HandStarted implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];
  readonly #ports = new Ports();
  /** As a target file lists them. */
  readonly addresses: { readonly node: string; readonly host: string; readonly ports: Record<string, number> }[] = [];

  /** Starts so many nodes with their data in this folder; they are up when they answer. */
  async start(count: number, folder: string): Promise<void> {
    const free = await this.#ports.take(count * 3);
    for (let index = 0; index < count; index += 1) {
      const [http = 0, peer = 0, admin = 0] = free.slice(index * 3, index * 3 + 3);
      this.addresses.push({ node: `n${index + 1}`, host, ports: { http, peer, admin } });
    }
    const at = (name: string, { ports }: (typeof this.addresses)[number]): string => `${host}:${ports[name]}`;
    for (const own of this.addresses) {
      const peers = this.addresses
        .filter(({ node }) => node !== own.node)
        .map((one) => `${one.node}=${at("peer", one)}`);
      const child = spawn(
        process.execPath,
        [
          join(packageRoot, "dist", "fixtures", "reference-swarm", "main.js"),
          `--id=${own.node}`,
          `--http=${at("http", own)}`,
          `--peer=${at("peer", own)}`,
          `--admin=${at("admin", own)}`,
          `--data=${join(folder, own.node)}`,
          "--peers",
          peers.join(","),
        ],
        { stdio: "ignore" },
      );
      this.#children.push(child);
    }
  }

  /** How many of them are still at work. */
  get alive(): number {
    return this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      const ended = once(child, "exit");
      if (child.kill("SIGKILL")) await ended;
    }
    await this.#ports.dispose();
  }
}
