import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually.ts";

const call = promisify(execFile);

/** A shell in a real terminal (tmux, a server of its own), read as it stands on the screen. Its disposal ends it. Throws if tmux is not there. */
export class TerminalSession implements AsyncDisposable {
  readonly columns: number;
  readonly #socket: string;

  private constructor(socket: string, columns: number) {
    this.#socket = socket;
    this.columns = columns;
  }

  /** Opens one in this folder, so many characters wide, 60 lines high; no CI and nothing about colours in its environment but what is given. */
  static async open(
    folder: string,
    {
      columns,
      environment = {},
    }: { readonly columns: number; readonly environment?: Readonly<Record<string, string>> },
  ): Promise<TerminalSession> {
    const session = new TerminalSession(join(folder, `tmux-${columns}-${Object.keys(environment).length}`), columns);
    const unset = ["CI", "NO_COLOR", "FORCE_COLOR", "COLORTERM"].flatMap((name) => ["-u", name]);
    const set = { ...environment, TERM: "xterm-256color", PS1: "$ " };
    const shell = Object.entries(set).map(([name, value]) => `${name}=${value}`);
    const window = ["-d", "-x", String(columns), "-y", "60", "-c", folder];
    await session.#tmux("new-session", ...window, "env", ...unset, ...shell, "bash", "--norc", "--noprofile");
    await session.until(/^\$/m);
    return session;
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    await this.#tmux("send-keys", "-l", line);
    await this.press("Enter");
  }

  /** Presses a key, by tmux's name for it: `Enter`, `C-c`. */
  async press(key: string): Promise<void> {
    await this.#tmux("send-keys", key);
  }

  /** What stands on the screen now. */
  screen(): Promise<string> {
    return this.#tmux("capture-pane", "-p");
  }

  /** The same with the sequences that colour it. */
  coloured(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  /** Waits until this stands on the screen; `look` is shown every state on the way. Gives the last one. */
  until(wanted: RegExp, look: (screen: string) => void = () => undefined): Promise<string> {
    const screen = async (): Promise<string | null> => {
      const now = await this.screen();
      look(now);
      return wanted.test(now) ? now : null;
    };
    return eventually(screen, { limitMs: 60_000, what: `${wanted.source} on the screen` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await call("tmux", ["-S", this.#socket, "-f", "/dev/null", ...args]);
    return stdout;
  }
}
