import type { Operation } from "../../core/history.ts";
import type { Verdict } from "../../core/verdict.ts";
import { atText, table } from "./markup.ts";
import { safe } from "./text.ts";
import { mostOfOneCheck, type Witness } from "./witness.ts";

/** What speaks against the system, one by one, each with its operations and its place on the time axis. Empty where nothing does. */
export function witnessSection(witnesses: readonly Witness[], verdicts: readonly Verdict[]): string {
  if (witnesses.length === 0) return "";
  const more = verdicts
    .filter(({ status, evidence }) => status === "fail" && evidence.length > mostOfOneCheck)
    .map(({ check, evidence }) => `<li>${safe(check)}: ${evidence.length - mostOfOneCheck} more</li>`);
  const others =
    more.length === 0
      ? ""
      : `<p>Not told here, but in <a href="#checked">what was checked</a> and in report.json:</p><ul>${more.join("")}</ul>`;
  return `<section aria-labelledby="anomalies"><h2 id="anomalies">What speaks against it</h2>
${witnesses.map(told).join("\n")}
${others}</section>`;
}

function told({ number, check, evidence, operations, atMs }: Witness): string {
  const place = atMs === null ? "" : ` <a href="#timeline">W${number} on the time axis, at ${atText(atMs)}</a>.`;
  const rows = operations.map((operation) => [
    `${operation.op}`,
    `${operation.client} on ${operation.node}`,
    wordsOf(operation),
    atText(operation.invokedMs),
    Number.isFinite(operation.completedMs) ? atText(operation.completedMs) : "never",
    endOf(operation),
    operation.term === null ? "not said" : `${operation.leader ?? "not said"}, term ${operation.term}`,
  ]);
  const heads = ["Operation", "Client, node", "Asked", "Sent", "Answered", "Outcome", "Leader"];
  return `<article class="witness" id="w${number}"><h3>W${number} · ${safe(check)}</h3><p>${safe(evidence.text)}.${place}</p>
${rows.length === 0 ? "" : table(`Operations of W${number}`, heads, rows)}</article>`;
}

function wordsOf({ kind, key, value, expected, outcome }: Operation): string {
  const what = (one: string | null): string => (one === null ? "nothing" : `"${one}"`);
  if (kind === "read") return outcome === "ok" ? `read ${key}: ${what(value)}` : `read ${key}`;
  if (kind === "write") return `write ${key} = ${what(value)}`;
  return `${key}: if ${what(expected)} then ${what(value)}`;
}

function endOf({ outcome, error, says }: Operation): string {
  const words = { ok: "acknowledged", fail: "refused", info: "unknown" }[outcome];
  const detail = [error, says].filter((one) => one !== null).join("; ");
  return detail === "" ? words : `${words}: ${detail}`;
}
