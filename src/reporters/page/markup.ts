import type { VerdictStatus } from "../../core/verdict.ts";
import { safe } from "./text.ts";

/** A verdict as a word in its colour. */
export function badge(status: VerdictStatus): string {
  return `<span class="badge ${status}">${status.toUpperCase()}</span>`;
}

/** A cell: text, or markup that is safe already. */
export type Cell = string | { readonly html: string };

/** A table in a region that scrolls by itself, also by keyboard, so that the page never does sideways. */
export function table(name: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const head = heads.map((text) => `<th scope="col">${safe(text)}</th>`).join("");
  const body = rows.map(row).join("\n");
  return region(
    name,
    `<table><caption class="unseen">${safe(name)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`,
  );
}

/** What may be wider than the page: it scrolls by itself and can be reached by keyboard. */
export function region(name: string, html: string): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${safe(name)}">${html}</div>`;
}

/** What is long and not needed at first sight; opens without a script. */
export function folded(summary: string, html: string, isOpen = false): string {
  return `<details${isOpen ? " open" : ""}><summary>${safe(summary)}</summary>${html}</details>`;
}

/** A time since the run's start, for tables. */
export function atText(ms: number | null): string {
  return ms === null ? "never" : `${(ms / 1000).toFixed(3)} s`;
}

function row(cells: readonly Cell[]): string {
  const [first = "", ...rest] = cells.map((cell) => (typeof cell === "string" ? safe(cell) : cell.html));
  return `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
