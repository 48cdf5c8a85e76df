import type { Report } from "../../core/report.ts";
import { badge, type Cell, folded, region, table } from "./markup.ts";
import { shownBy } from "./shown.ts";
import { stripPlot, stripsOf } from "./strip-plot.ts";
import { safe } from "./text.ts";

const begin = "<!-- series -->";
const end = "<!-- /series -->";

/** What is known of a series: its runs so far, and how many there will be. */
export interface SeriesSoFar {
  readonly reports: readonly Report[];
  readonly planned: number;
  /** The run whose page it is. */
  readonly here: string;
}

/** The part of a page that tells of all runs of its series, between two comments: it is written anew when the series is over. */
export function seriesPart({ reports, planned, here }: SeriesSoFar): string {
  const variants = [...Map.groupBy(reports, ({ plan }) => plan.variant.name)];
  const missing = planned - reports.length;
  const left =
    missing > 0
      ? `<p>${missing} of ${planned} planned ${planned === 1 ? "run is" : "runs are"} not judged: still to come when this was written, or broken off. They count as nothing, not as passed.</p>`
      : "";
  const drawings = variants.map(([variant, own], index) => {
    const strips = stripsOf(own);
    const plot =
      strips.length === 0
        ? ""
        : region(`${variant}: repetitions against limits`, stripPlot(`strip-${index}`, variant, strips));
    return `<h3>${safe(variant)}</h3>${plot}<ul>${shownBy(variant, own)
      .map((text) => `<li>${safe(text)}</li>`)
      .join("")}</ul>`;
  });
  return `${begin}
<section aria-labelledby="series"><h2 id="series">All repetitions of this series</h2>
${grid(variants, here)}
${left}
${drawings.join("\n")}
${variants.length === 0 ? "" : folded("Every value", values(variants))}
</section>
${end}`;
}

/** The page with that part replaced, or null where it has none. */
export function withSeries(page: string, part: string): string | null {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  return from === -1 || to < from ? null : page.slice(0, from) + part + page.slice(to + end.length);
}

type Variants = readonly (readonly [string, readonly Report[]])[];

function grid(variants: Variants, here: string): string {
  const repetitions = [...new Set(variants.flatMap(([, reports]) => reports.map(({ plan }) => plan.repetition)))].sort(
    (a, b) => a - b,
  );
  if (repetitions.length === 0) return "<p>No run of this series has been judged.</p>";
  const rows = variants.map(([variant, reports]): readonly Cell[] => [
    variant,
    ...repetitions.map((repetition) => {
      const own = reports.find(({ plan }) => plan.repetition === repetition);
      if (own === undefined) return "not judged";
      return { html: own.run.id === here ? `${badge(own.status)} <span>this run</span>` : badge(own.status) };
    }),
  ]);
  return `<div class="grid">${table("Variants and repetitions", ["Variant", ...repetitions.map((one) => `No. ${one}`)], rows)}</div>`;
}

function values(variants: Variants): string {
  const rows = variants.flatMap(([variant, reports]) =>
    stripsOf(reports).flatMap(({ expectation, dots }) =>
      dots.map(({ repetition, text, status }): readonly Cell[] => [
        `${variant}, no. ${repetition}`,
        expectation.text,
        text,
        { html: badge(status) },
      ]),
    ),
  );
  return table("Every value against its limit", ["Run", "Limit", "Measured (at worst)", "Verdict"], rows);
}
