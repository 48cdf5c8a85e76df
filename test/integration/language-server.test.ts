import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

// The language server that editors use for YAML, with our schema by the file's own first line: what it completes, shows and marks.

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

/** Speaks the language server protocol over standard input and output. */
class Server {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #messages: Message[] = [];
  #buffer = Buffer.alloc(0);
  #id = 0;

  constructor() {
    const program = join(packageRoot, "node_modules", "yaml-language-server", "bin", "yaml-language-server");
    this.#child = spawn(process.execPath, [program, "--stdio"]);
    this.#child.stdout.on("data", (data: Buffer) => this.#read(data));
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  async request(method: string, params: object): Promise<unknown> {
    const id = (this.#id += 1);
    this.#send({ id, method, params });
    const answer = await this.#found((one) => one.id === id && one.method === undefined, method);
    return answer.result;
  }

  /** Opens a text as a file of that name beside the catalogue's, and gives what is marked in it. */
  async open(name: string, text: string): Promise<readonly Diagnostic[]> {
    const uri = uriOf(name);
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
    const said = await this.#found(
      ({ method, params }) => method === "textDocument/publishDiagnostics" && (params as { uri: string }).uri === uri,
      `diagnostics of ${name}`,
    );
    return (said.params as { diagnostics: readonly Diagnostic[] }).diagnostics;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }

  #found(wanted: (message: Message) => boolean, what: string): Promise<Message> {
    return eventually(() => this.#messages.find(wanted) ?? null, { limitMs: 20_000, what });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, Math.max(0, end)).toString())?.[1]);
      if (end < 0 || this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.subarray(end + 4, end + 4 + length).toString()) as Message;
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#messages.push(message);
      // What it asks of an editor (its settings, a registration) has the answer "nothing".
      if (message.id !== undefined && message.method !== undefined)
        this.#send({ id: message.id, result: settings(message) });
    }
  }
}

function settings({ method, params }: Message): unknown {
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
  if (method !== "workspace/configuration") return null;
  return (params as { items: { section?: string }[] }).items.map(({ section }) => (section === "yaml" ? yaml : null));
}

const catalogue = join(packageRoot, "src", "scenarios", "catalogue");
const uriOf = (name: string): string => pathToFileURL(join(catalogue, name)).href;
const good = readFileSync(join(catalogue, "leader-loss.yaml"), "utf8");
const lines = good.split("\n");
const lineOf = (start: string): number => lines.findIndex((line) => line.startsWith(start));
const server = new Server();

beforeAll(async () => {
  await server.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(packageRoot).href,
    capabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: false } }, hover: {}, publishDiagnostics: {} },
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    },
  });
  server.notify("initialized", {});
});
afterAll(() => server.stop());

/** Labels of what may be written at a place of a text. */
async function completions(name: string, text: string, place: { line: number; character: number }): Promise<string[]> {
  await server.open(name, text);
  const said = await server.request("textDocument/completion", { textDocument: { uri: uriOf(name) }, position: place });
  const { items } = said as { items: { label: string }[] };
  return items.map(({ label }) => label);
}

test("The catalogue's scenario has nothing marked.", async () => {
  expect(await server.open("good.yaml", good)).toEqual([]);
});

test("An unknown key and a wrong type are marked, on their lines.", async () => {
  const bad = good.replace("recoverWithin: 30s", "recoverWithn: 30s").replace("  keys: 5", "  keys: five");
  const marked = await server.open("bad.yaml", bad);
  const at = (start: string): string =>
    marked
      .filter(({ range }) => lines[range.start.line]?.startsWith(start))
      .map(({ message }) => message)
      .join("\n");
  expect(at("recoverWithin")).toMatch(/recoverWithn is not allowed/);
  expect(at("  keys")).toMatch(/"integer"/);
});

test("A key that is begun is completed, and a value with what is allowed.", async () => {
  const line = lineOf("steadyState:");
  const begun = lines
    .with(line, "steadySt")
    .toSpliced(line + 1, 3)
    .join("\n");
  expect(await completions("key.yaml", begun, { line, character: 8 })).toContain("steadyState");
  const classLine = lineOf("class:");
  const open = lines.with(classLine, "class: ").join("\n");
  const values = await completions("value.yaml", open, { line: classLine, character: 7 });
  expect(values).toEqual(expect.arrayContaining(["network_partition", "leader_election_failure"]));
});

test("Over a key its description is shown.", async () => {
  await server.open("hover.yaml", good);
  const position = { line: lineOf("class:"), character: 2 };
  const said = await server.request("textDocument/hover", { textDocument: { uri: uriOf("hover.yaml") }, position });
  const schema = JSON.parse(readFileSync(join(packageRoot, "schemas", "scenario.schema.json"), "utf8")) as {
    properties: { class: { description: string } };
  };
  const plain = (text: string): string => text.replaceAll(/[\\`]|&lt;|&gt;|<|>/g, "");
  expect(plain(JSON.stringify(said))).toContain(plain(schema.properties.class.description).slice(0, 30));
});
