import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

/** How a page is looked at: on a screen by day or night, on a telephone, or on paper (A4 between its margins). */
export const looks = {
  light: { colorScheme: "light", viewport: { width: 1200, height: 900 }, media: "screen" },
  dark: { colorScheme: "dark", viewport: { width: 1200, height: 900 }, media: "screen" },
  narrow: { colorScheme: "light", viewport: { width: 360, height: 780 }, media: "screen" },
  print: { colorScheme: "dark", viewport: { width: 703, height: 1000 }, media: "print" },
} as const;
export type Look = keyof typeof looks;

/** Starts the browser of this machine. Throws, with what to install, where there is none. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserProgram(), args: ["--no-sandbox"] });
}

function browserProgram(): string {
  try {
    return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  } catch (cause) {
    throw new Error("there is no chromium on PATH: scripts/setup-real.sh installs it", { cause });
  }
}

/** A page that is open, and what it asked the network for. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly requests: readonly string[];
}

/** Opens a file, or what is served at a URL, as its reader does, without a script unless said. */
export async function openPage(
  browser: Browser,
  place: string,
  { look, script = false }: { readonly look: Look; readonly script?: boolean },
): Promise<OpenPage> {
  const { colorScheme, viewport, media } = looks[look];
  const context = await browser.newContext({ colorScheme, viewport, javaScriptEnabled: script });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.emulateMedia({ media, colorScheme });
  await page.goto(place.startsWith("http:") ? place : pathToFileURL(place).href);
  return { page, requests, [Symbol.asyncDispose]: () => context.close() };
}

interface Box {
  readonly said: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Runs in the page: each drawing's own box, and those of its texts. The box of a text has room above and below its letters, which is taken off. */
const boxesInPage = `Array.from(document.querySelectorAll("svg.drawing"), (svg) => {
  const boxOf = (element, loose) => {
    const { left, right, top, bottom, height } = element.getBoundingClientRect();
    return { said: element.textContent, left, right, top: top + height * loose, bottom: bottom - height * loose };
  };
  return { room: boxOf(svg, 0), texts: Array.from(svg.querySelectorAll("text"), (text) => boxOf(text, 0.14)) };
})`;

/** What is wrong with how texts stand in the drawings of a page: two that cover each other, or one that leaves its drawing. */
export async function wrongTexts(page: Page): Promise<readonly string[]> {
  const drawings = (await page.evaluate(boxesInPage)) as readonly {
    readonly room: Box;
    readonly texts: readonly Box[];
  }[];
  return drawings.flatMap(({ room, texts }) =>
    texts.flatMap((one, index) => wrongWith(one, room, texts.slice(index + 1))),
  );
}

function wrongWith(one: Box, room: Box, others: readonly Box[]): readonly string[] {
  const isInside =
    one.left >= room.left - 0.5 && one.right <= room.right + 0.5 && one.top >= room.top && one.bottom <= room.bottom;
  const covered = others.filter(
    (other) => one.right > other.left && other.right > one.left && one.bottom > other.top && other.bottom > one.top,
  );
  return [
    ...(isInside ? [] : [`"${one.said}" leaves its drawing`]),
    ...covered.map(({ said }) => `"${one.said}" and "${said}" cover each other`),
  ];
}

/** Runs in the page: the lines of its text outside of drawings as they are seen, those that scroll by themselves told apart, and what is cut off in controls. */
const linesInPage = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const lines = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === "" || element.closest("svg, option, style, .unseen, .skip") !== null) continue;
    if (!element.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const trim = (bottom - top) * 0.14;
      lines.push({ said: node.textContent.trim(), left, right, top: top + trim, bottom: bottom - trim, scrolls: element.closest(".scroll") !== null });
    }
  }
  const controls = Array.from(document.querySelectorAll("button, select, input:not([type=radio])"));
  const cut = controls.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent + one.name);
  return { lines, cut, width: document.documentElement.clientWidth };
})()`;

/** What is wrong with how the text of a page stands outside of its drawings: lines that cover each other, leave the window, or are cut off in a control. */
export async function wrongLines(page: Page): Promise<readonly string[]> {
  const { lines, cut, width } = (await page.evaluate(linesInPage)) as {
    readonly lines: readonly (Box & { readonly scrolls: boolean })[];
    readonly cut: readonly string[];
    readonly width: number;
  };
  if (lines.length === 0) throw new Error("the page has no text");
  const outside = lines.filter((one) => !one.scrolls && (one.left < 0 || one.right > width + 0.5));
  const sorted = lines.toSorted((one, other) => one.top - other.top);
  const covered = sorted.flatMap((one, index) => {
    const end = sorted.findIndex((other, at) => at > index && other.top >= one.bottom);
    const near = sorted.slice(index + 1, end === -1 ? undefined : end);
    const over = near.filter((other) => one.right > other.left + 1 && other.right > one.left + 1);
    return over.map(({ said }) => `"${one.said}" and "${said}" cover each other`);
  });
  return [
    ...outside.map(({ said }) => `"${said}" leaves the window`),
    ...covered,
    ...cut.map((said) => `"${said}" is cut off`),
  ];
}

/** How many px the page is wider than its window. */
export async function tooWidePx(page: Page): Promise<number> {
  const { scrollWidth, clientWidth } = (await page.evaluate(
    "({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })",
  )) as { readonly scrollWidth: number; readonly clientWidth: number };
  return scrollWidth - clientWidth;
}

/** What axe finds against a page: rule, and the first element. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    "axe.run().then(({ violations, passes }) => ({ passes: passes.length, violations: violations.map(({ id, nodes }) => id + ': ' + nodes[0].html) }))",
  );
  const { passes, violations: all } = found as { readonly passes: number; readonly violations: readonly string[] };
  if (passes < 10) throw new Error(`axe passed only ${passes} rules: it did not look at the page`);
  return all;
}
