import { expect, test } from "vitest";
import { canonicalText } from "./canonical.ts";
import { wellFormed } from "./well-formed.ts";

test("Halves of characters are replaced wherever they stand, whole ones are kept, and then there is a digest.", () => {
  const answer = JSON.parse('{"a\\ud800":["x\\udc00y","\\ud83d\\ude00",1,null,true,{"k":"\\ud800"}]}') as Parameters<
    typeof wellFormed
  >[0];
  expect(() => canonicalText(answer)).toThrow(TypeError);
  const whole = wellFormed(answer);
  expect(whole).toEqual({ "a\ufffd": ["x\ufffdy", "😀", 1, null, true, { k: "\ufffd" }] });
  expect(canonicalText(whole)).toContain("😀");
});
