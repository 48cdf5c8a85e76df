import { markupText } from "./markup-text.ts";
import { headOf, type UnjudgedRun } from "./reported.ts";

const style =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}pre{overflow:auto}";

/** The page of a run that has no report, or of none: what is known of it, and that it shows nothing. */
export function unjudgedPage(run: UnjudgedRun | null): string {
  const title = run === null ? "no run was found" : `${run.scenario} · ${run.variant} · NOT JUDGED`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markupText(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${markupText(title)}</h1>
<p>Nothing was shown; this does not count as passed.</p>
</header>
<main>${run === null ? "" : about(run)}</main>
</body>
</html>
`;
}

function about(run: UnjudgedRun): string {
  const { repetition, source } = headOf(run);
  const facts = [
    [run.how, run.reason],
    ["run", run.run],
    ["repetition", String(repetition)],
    ["started", run.startedAt ?? "not known"],
    ...(source === null ? [] : [["scenario", `${source.file}:${source.line}`]]),
  ];
  const list = facts.map(([name = "", value = ""]) => `<dt>${markupText(name)}</dt><dd>${markupText(value)}</dd>`);
  return `<h2>How it ended</h2><dl>${list.join("")}</dl>
<h2>Run it again</h2>
<pre><code>${markupText(run.reproduce)}</code></pre>`;
}
