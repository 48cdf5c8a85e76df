import { expect, test } from "vitest";
import { capabilityNames } from "./capability.ts";
import { kindOf, lackedBy, type LinkProxyServer, linkCapabilitiesOf, parseLinkProxy, proxyText } from "./link-proxy.ts";
import { parseProxyChoice } from "./proxy-choice.ts";

const byUrl = { by: "url", url: "http://127.0.0.1:8474", kind: "toxiproxy", version: "2.12.0" } as const;

test.each([
  ["auto", "auto"],
  ["builtin", "builtin"],
  ["toxiproxy", "toxiproxy"],
  ["http://127.0.0.1:8474", "url"],
  ["http://[::1]:8474/below", "url"],
] as const)("%s asks for a proxy of kind %s.", (text, kind) => {
  expect(parseProxyChoice(text, "--proxy")).toEqual({ kind, text });
});

test.each([
  ["toxiproxi", "did you mean toxiproxy?"],
  ["built-in", "did you mean builtin?"],
  ["none at all", "known: auto, builtin, toxiproxy"],
  ["", "known: auto, builtin, toxiproxy"],
  ["https://127.0.0.1:8474", "a URL begins with http://"],
  ["localhost:8474/", "a URL begins with http://"],
  ["localhost:8474", "it is auto, builtin, toxiproxy, or a URL"],
] as const)("%o is neither a word nor a URL: exit 64, with what was meant.", (text, told) => {
  expect(() => parseProxyChoice(text, "--proxy")).toThrow(
    expect.objectContaining({ exitCode: 64, code: "no-such-proxy", message: expect.stringContaining(told) }),
  );
});

test("The built-in proxy has every capability of links; a real one lacks two, each with its reason.", () => {
  const ofLinks = capabilityNames.filter((name) => name.startsWith("link."));
  expect(linkCapabilitiesOf("builtin")).toEqual(ofLinks);
  expect(lackedBy("builtin", capabilityNames)).toEqual([]);
  const lacked = ofLinks.filter((name) => !linkCapabilitiesOf("toxiproxy").includes(name));
  expect(lacked).toEqual(["link.reset", "link.corrupt"]);
  expect(lackedBy("toxiproxy", ["process.kill", "link.corrupt"])).toEqual([
    "a real Toxiproxy lacks link.corrupt (it has no toxic that changes bytes)",
  ]);
  expect(lackedBy("toxiproxy", [])).toEqual([]);
});

test.each<LinkProxyServer>([{ by: "builtin" }, { by: "binary" }, { by: "container" }, byUrl])(
  "What another process wrote of a proxy is read as it was: %o.",
  (server) => {
    expect(parseLinkProxy(JSON.parse(JSON.stringify(server)))).toEqual(server);
    expect(proxyText(server)).not.toBe("");
    expect(kindOf(server)).toBe(server.by === "builtin" ? "builtin" : "toxiproxy");
  },
);

test.each([undefined, null, "builtin", {}, { by: "magic" }, { by: "url" }, { ...byUrl, kind: "other" }])(
  "What is no such thing is none: %o.",
  (value) => {
    expect(parseLinkProxy(value)).toBeNull();
  },
);
