import { SaxesParser } from "saxes";

/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** The root of a well-formed document, or null: anything else, and half of one, is none. Entities of documents' own are not read. */
export function parseXml(text: string): XmlElement | null {
  const stack: { name: string; attributes: Readonly<Record<string, string>>; children: XmlElement[] }[] = [];
  let root: XmlElement | null = null;
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, children: [] };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  parser.on("closetag", () => void stack.pop());
  try {
    // Without a handler of its own the parser throws at the first error.
    parser.write(text.trimStart()).close();
  } catch {
    return null;
  }
  return root;
}

/** Every element of that name below this one, at any depth. */
export function elementsOf(root: XmlElement, name: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const left = [...root.children];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.name === name) found.push(next);
    left.push(...next.children);
  }
  return found;
}
