import { expect, test } from "vitest";
import { formatAddress, parseAddress, resolveListen } from "./address.ts";

test.each([
  ["127.0.0.1:80", { host: "127.0.0.1", port: 80 }, "127.0.0.1:80"],
  ["[::1]:80", { host: "::1", port: 80 }, "[::1]:80"],
  [":80", { host: "", port: 80 }, ":80"],
])("%s is read and written back.", (text, address, back) => {
  expect(parseAddress(text)).toEqual(address);
  expect(formatAddress(address)).toBe(back);
});

test.each(["", "host", "host:", "host:x", "::1:80", "host:65536", "a:1:2"])("'%s' is no address.", (text) => {
  expect(parseAddress(text)).toBe(null);
});

test.each([
  ["localhost:0", "127.0.0.1:0"],
  ["", "[::]:0"],
  [":7", "[::]:7"],
  ["0.0.0.0:7", "[::]:7"],
  ["[::1]:7", "[::1]:7"],
])("Listening on '%s' means %s.", async (listen, resolved) => {
  expect(formatAddress(await resolveListen(listen))).toBe(resolved);
});
