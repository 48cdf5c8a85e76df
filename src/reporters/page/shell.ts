import { style } from "./style.ts";
import { patterns } from "./svg.ts";
import { safe } from "./text.ts";

/** A whole page: what stands in its head, and its main part. `heading` and `main` are markup. */
export interface Shell {
  readonly title: string;
  readonly kicker: string;
  readonly heading: string;
  readonly subtitle: string;
  readonly main: string;
}

/** One file: no script, and nothing may be loaded from anywhere, which the page itself forbids. */
export function shell({ title, kicker, heading, subtitle, main }: Shell): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the decision</a>
${patterns}
<header>
<p class="kicker">${safe(kicker)}</p>
<h1>${heading}</h1>
<p>${safe(subtitle)}</p>
</header>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`;
}
