import { expect, test } from "vitest";
import { action, type Action } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { Json } from "../core/json.ts";
import { isObject, parseJson } from "../core/json.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import { ToxiproxyLinks } from "./toxiproxy.ts";

const { signal } = new AbortController();
const cut = (from: string, to: string, capability: Capability = "link.stall"): Action =>
  action({ fault: "f", capability, subject: { kind: "link", link: { from, to } }, params: {}, undo: "remove" });

interface Called {
  readonly line: string;
  readonly body: Json;
}

/** A server that speaks just enough of Toxiproxy's API to be asked; the real one has no `/prism/apply`. Tells what it was asked. */
function server(isAtomic: boolean, status = 200): { readonly calls: Called[]; readonly links: ToxiproxyLinks } {
  const calls: Called[] = [];
  const send: HttpTransport = ({ method, path, body }) => {
    calls.push({ line: `${method} ${path}`, body: parseJson(body ?? "null")?.value ?? null });
    const isUnknown = path === "/prism/apply" ? !isAtomic : method === "GET" && path.includes("/toxics/");
    const answer = { status: isUnknown ? 404 : status, headers: {}, body: "{}" };
    return Promise.resolve({ answered: true, ...answer });
  };
  return { calls, links: new ToxiproxyLinks({ url: "http://127.0.0.1:8474", run: "r", send }) };
}
const linesOf = (calls: readonly Called[]): readonly string[] => calls.map(({ line }) => line);

test("A cut of many links is one request, and so is its healing.", async () => {
  const { calls, links } = server(true);
  const batch = Array.from({ length: 1000 }, (_, index) => cut("n1", `m${index}`));
  await links.apply(batch, signal);
  await links.remove(batch, signal);
  expect(linesOf(calls)).toEqual(["POST /prism/apply", "POST /prism/apply"]);
  const [applied, removed] = calls.map(({ body }) => (isObject(body) ? body : {}));
  expect(applied).toMatchObject({ remove: [] });
  expect(applied?.["add"]).toHaveLength(1000);
  expect(applied?.["add"]).toContainEqual({
    proxy: "r.n1.m7",
    toxic: { name: "f.link.stall.n1-m7", type: "stall", stream: "upstream", toxicity: 1, attributes: {} },
  });
  expect(removed).toMatchObject({ add: [] });
  expect(removed?.["remove"]).toContainEqual({ proxy: "r.n1.m7", name: "f.link.stall.n1-m7" });
});

test("A server that does not know that request is asked link by link, and is not asked for it again.", async () => {
  const { calls, links } = server(false);
  const batch = [cut("n1", "n2"), cut("n2", "n1")];
  await links.apply(batch, signal);
  expect(linesOf(calls)).toEqual([
    "POST /prism/apply",
    "GET /proxies/r.n1.n2/toxics/f.link.stall.n1-n2",
    "GET /proxies/r.n2.n1/toxics/f.link.stall.n2-n1",
    "POST /proxies/r.n1.n2/toxics",
    "POST /proxies/r.n2.n1/toxics",
  ]);
  calls.length = 0;
  await links.remove(batch, signal);
  expect(linesOf(calls)).toEqual([
    "DELETE /proxies/r.n1.n2/toxics/f.link.stall.n1-n2",
    "DELETE /proxies/r.n2.n1/toxics/f.link.stall.n2-n1",
  ]);
});

test("Links that are refused are closed each by itself, beside the one request for the others.", async () => {
  const { calls, links } = server(true);
  await links.apply([cut("n1", "n2", "link.refuse"), cut("n2", "n1")], signal);
  expect(linesOf(calls)).toEqual(["POST /prism/apply", "POST /proxies/r.n1.n2"]);
  await links.apply([cut("n1", "n2", "link.refuse")], signal);
  expect(linesOf(calls.slice(2))).toEqual(["POST /proxies/r.n1.n2"]);
});

test("A server that refuses the request is told as such: nothing is tried link by link.", async () => {
  const { calls, links } = server(true, 500);
  await expect(links.apply([cut("n1", "n2")], signal)).rejects.toMatchObject({ exitCode: 69 });
  expect(calls).toHaveLength(1);
});

test("An empty batch asks nothing.", async () => {
  const { calls, links } = server(true);
  await links.apply([], signal);
  await links.remove([], signal);
  expect(calls).toEqual([]);
});
