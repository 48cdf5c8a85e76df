import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { HarnessCommand, type Outcome } from "./command.ts";

const root = join(import.meta.dirname, "..");
const said = "::set-output name=a::b\n ::error::owned\nfine ##[error]owned\n";

/** A command that says what a system under test said, as progress and as its result. */
class Saying extends HarnessCommand {
  protected async work(): Promise<Outcome> {
    await this.parse(Saying);
    this.terminal.write(said);
    this.tellLog("::error::ours\n");
    return { exitCode: 0, text: said, json: { said } };
  }
}

/** A command that breaks off with it. */
class Breaking extends HarnessCommand {
  protected async work(): Promise<Outcome> {
    await this.parse(Breaking);
    throw new Error(said);
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** All that a command writes on either stream. */
async function writtenBy(run: () => Promise<unknown>): Promise<string> {
  let text = "";
  const keep = (piece: string | Uint8Array): boolean => ((text += String(piece)), true);
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "write").mockImplementation(keep);
  // This is how oclif writes an error.
  vi.spyOn(console, "error").mockImplementation((line: unknown) => void keep(`${String(line)}\n`));
  await run();
  return text;
}

test.each([
  ["its progress and its result", () => Saying.run([], root), ["::error::ours"]],
  ["its error", () => Breaking.run([], root), []],
] as const)(
  "In a step of GitHub Actions no line of %s is a command but what is meant as one.",
  async (_what, run, own) => {
    vi.stubEnv("GITHUB_ACTIONS", "true");
    const text = await writtenBy(run);
    expect(text.split("\n").filter((line) => line.trimStart().startsWith("::"))).toEqual(own);
    expect(text).not.toContain("##[");
    expect(text).toContain("\\::error::owned");
  },
);

test.each([
  ["its result", () => Saying.run(["--json"], root)],
  ["its error", () => Breaking.run(["--json"], root)],
])("Nor is anything in the JSON of %s, which says the same.", async (_what, run) => {
  vi.stubEnv("GITHUB_ACTIONS", "true");
  const text = await writtenBy(run);
  expect(text).not.toContain("##[");
  expect(text).toContain(String.raw`#\u0023[error]owned`);
});

test("Elsewhere it is written as it is.", async () => {
  vi.stubEnv("GITHUB_ACTIONS", "");
  expect(await writtenBy(() => Saying.run([], root))).toContain(said);
});
