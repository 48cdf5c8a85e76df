import { type RunFilter, filtered, type RunSummary } from "../core/stored-summary.ts";
import { measurementText } from "./console.ts";
import { badge, type Cell, table } from "./page/markup.ts";
import { shell } from "./page/shell.ts";
import { safe } from "./page/text.ts";

/** So many runs stand on one page. */
const onePage = 100;

/** What a list is of. */
export interface Listed {
  readonly filter: RunFilter;
  /** The page, from 1. */
  readonly at: number;
  readonly folder: string;
  /** Folders that could not be looked through, each with why. */
  readonly unseen: readonly string[];
}

/** The list of all runs of a folder, narrowed, page by page, with two to be chosen and compared. */
export function listPage(runs: readonly RunSummary[], { filter, at, folder, unseen }: Listed): string {
  const left = filtered(runs, filter);
  const pages = Math.max(1, Math.ceil(left.length / onePage));
  const place = Math.min(Math.max(1, Math.trunc(at)), pages);
  const shown = left.slice((place - 1) * onePage, place * onePage);
  const count = left.length === runs.length ? `${runs.length} runs` : `${left.length} of ${runs.length} runs`;
  const none = runs.length === 0 ? "There is no run here yet." : "No run is left.";
  const main = `${unseen.map((one) => `<p class="why unknown">Not looked through: ${safe(one)}</p>`).join("\n")}
${filterForm(runs, filter)}
<form action="/compare" method="get">
${table("Runs", ["Run", "Verdict", "Base", "Head", "Repetition", "Measured", "Started", "Files"], shown.map(rowOf))}
<p>${shown.length === 0 ? none : '<button type="submit">Compare base with head</button>'}</p>
</form>
${pages > 1 ? pageLinks(filter, place, pages) : ""}`;
  return shell({
    title: `Runs of ${folder}`,
    kicker: "prism-chaos",
    heading: safe(`Runs of ${folder}`),
    subtitle: `${count}, newest first.`,
    main,
    skipTo: "the runs",
    hasForms: true,
  });
}

function filterForm(runs: readonly RunSummary[], filter: RunFilter): string {
  const named = (of: (run: RunSummary) => string): readonly string[] => [...new Set(runs.map(of))].toSorted();
  return `<form action="/" method="get" role="search" aria-label="Narrow the list">
${select("scenario", "Scenario", { values: named(({ scenario }) => scenario).filter((value) => value !== ""), chosen: filter.scenario })}
${select("variant", "Variant", { values: named(({ variant }) => variant).filter((value) => value !== ""), chosen: filter.variant })}
${select("status", "Verdict", { values: ["pass", "fail", "unknown", "unjudged"], chosen: filter.status })}
<label>Text in run, series or commit <input type="search" name="text" value="${safe(filter.text)}"></label>
<button type="submit">Narrow</button> <a href="/">All</a>
</form>`;
}

function select(
  name: string,
  label: string,
  { values, chosen }: { readonly values: readonly string[]; readonly chosen: string },
): string {
  const options = ["", ...values].map(
    (value) =>
      `<option value="${safe(value)}"${value === chosen ? " selected" : ""}>${value === "" ? "any" : safe(value)}</option>`,
  );
  return `<label>${label} <select name="${name}">${options.join("")}</select></label>`;
}

function rowOf(run: RunSummary): readonly Cell[] {
  const { id, scenario, variant, status, reason } = run;
  const called = scenario === "" ? "not readable" : `${scenario} · ${variant}`;
  const link = run.files.includes("report.html")
    ? `<a href="/runs/${encodeURIComponent(id)}/report.html">${safe(called)}</a>`
    : safe(called);
  const files = run.files.map(
    (name) => `<a href="/runs/${encodeURIComponent(id)}/${encodeURIComponent(name)}">${safe(name)}</a>`,
  );
  return [
    { html: `${link}<br><span class="dim">${safe(id)}</span>` },
    { html: status === null ? `<span class="badge unknown">NOT JUDGED</span> ${safe(reason)}` : badge(status) },
    { html: radio("base", run) },
    { html: radio("head", run) },
    run.repetition,
    { html: measured(run) },
    run.startedAt === "" ? "not known" : run.startedAt,
    { html: files.join(" ") },
  ];
}

function radio(name: string, { id, status }: RunSummary): string {
  if (status === null) return "";
  return `<input type="radio" name="${name}" value="${safe(id)}" aria-label="${safe(`${id} as ${name}`)}">`;
}

/** What the scenario expects something of; the run's own page has the rest. */
function measured({ measurements, verdicts }: RunSummary): string {
  const isDue = (measure: string): boolean => verdicts.some(({ check }) => check.startsWith(`${measure} `));
  const told = measurements
    .filter(({ measure, kind }) => kind !== "not-measured" && isDue(measure))
    .map(measurementText);
  return told.map(safe).join("<br>");
}

function pageLinks(filter: RunFilter, place: number, pages: number): string {
  const link = (at: number, word: string): string => {
    const query = new URLSearchParams({ ...filter, page: String(at) });
    return `<a href="/?${safe(query.toString())}">${word}</a>`;
  };
  const before = place > 1 ? link(place - 1, "Newer") : "";
  const after = place < pages ? link(place + 1, "Older") : "";
  return `<nav aria-label="Pages">${before} Page ${place} of ${pages} ${after}</nav>`;
}
