import { shell } from "./page/shell.ts";
import { safe } from "./page/text.ts";

/** What is said where there is nothing to show, and the way back. */
export function refusalPage(title: string, why: string): string {
  return shell({
    title,
    kicker: "prism-chaos",
    heading: safe(title),
    subtitle: why,
    main: '<p><a href="/">All runs</a></p>',
    skipTo: "the way back",
  });
}
