import { expect, test } from "vitest";
import { randomStream } from "../../core/random.ts";
import { corrupt } from "./corrupt.ts";

/** What becomes of so many chunks of ten equal bytes: at which place each is altered, -1 for none. */
function altered(settings: { readonly rate: number; readonly seed: number }, count = 1000): readonly number[] {
  const seen: Buffer[] = [];
  const stage = corrupt.openStage({
    output: {
      pass: (chunk) => void seen.push(chunk),
      end: () => {},
      endByToxic: () => {},
      settle: () => {},
      reset: () => {},
      hold: () => null,
    },
    setting: (attribute) => settings[attribute],
    random: () => randomStream("never", "asked"),
    clock: { nowMs: () => 0 },
  });
  const sent = Buffer.alloc(10, 7);
  for (let index = 0; index < count; index += 1) stage.take(sent);
  expect(sent.equals(Buffer.alloc(10, 7))).toBe(true);
  return seen.map((chunk) => {
    expect(chunk.length).toBe(sent.length);
    const places = [...chunk].flatMap((byte, place) => (byte === 7 ? [] : [place]));
    expect(places.length).toBeLessThanOrEqual(1);
    return places[0] ?? -1;
  });
}

test("A share of the chunks has one other byte, the same ones for the same seed; what was sent is left as it is.", () => {
  const places = altered({ rate: 100_000, seed: 3 });
  const hit = places.filter((place) => place >= 0);
  expect(hit.length).toBeGreaterThan(60);
  expect(hit.length).toBeLessThan(140);
  expect(new Set(hit).size).toBe(10);
  expect(altered({ rate: 100_000, seed: 3 })).toEqual(places);
  expect(altered({ rate: 100_000, seed: 4 })).not.toEqual(places);
});

test("A rate of 0 alters nothing, one of a million everything.", () => {
  expect(new Set(altered({ rate: 0, seed: 1 }))).toEqual(new Set([-1]));
  expect(altered({ rate: 1_000_000, seed: 1 })).not.toContain(-1);
});
