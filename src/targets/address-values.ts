import { dirname, resolve } from "node:path";
import type { NodeAddress } from "../core/keeper-port.ts";
import type { Target } from "../core/target.ts";
import type { Values } from "./template.ts";

/** What a node's address gives to templates: its host, and each of its ports. */
export function addressValues({ host, ports }: NodeAddress): Values {
  return Object.fromEntries([["host", host], ...Object.entries(ports).map(([name, port]) => [`port.${name}`, port])]);
}

/** What templates of commands can name besides: the program that runs the harness, its package, and the target file's folder. */
export function folderValues(target: Target, packageFolder: string): Values {
  return { runtime: process.execPath, package: packageFolder, folder: dirname(resolve(target.file)) };
}
