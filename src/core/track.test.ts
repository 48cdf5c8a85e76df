import { expect, test } from "vitest";
import { type Look, settle, thinned, timeMeasurement, type Track } from "./track.ts";

const track = (looks: readonly Look[], part: Partial<Track> = {}): Track => ({
  subject: "cut",
  from: [100, 110],
  looks,
  holdMs: 0,
  ...part,
});

test.each<readonly [string, Track, ReturnType<typeof settle>]>([
  [
    "The first look that holds ends it",
    track([
      [150, false],
      [200, true],
    ]),
    { kind: "settled", low: 40, high: 100, atMs: 200 },
  ],
  [
    "Without an earlier look it may have held from the start",
    track([[200, true]]),
    { kind: "settled", low: 0, high: 100, atMs: 200 },
  ],
  [
    "It must go on holding",
    track(
      [
        [150, true],
        [200, false],
        [300, true],
        [400, true],
      ],
      { holdMs: 100 },
    ),
    { kind: "settled", low: 90, high: 200, atMs: 300 },
  ],
  [
    "Holding for too short a time is none",
    track(
      [
        [150, false],
        [200, true],
        [299, true],
      ],
      { holdMs: 100 },
    ),
    { kind: "beyond", atLeast: 40 },
  ],
  [
    "What never held is beyond",
    track([
      [150, false],
      [900, false],
    ]),
    { kind: "beyond", atLeast: 790 },
  ],
  ["No look at all proves nothing", track([]), { kind: "beyond", atLeast: 0 }],
])("%s", (_title, one, expected) => {
  expect(settle(one)).toEqual(expected);
});

test("A measurement is its worst track, and beyond if one of them is", () => {
  const timed = { measure: "p2p.connection", note: "two joins", samples: 9 };
  const quick = track([[150, true]]);
  const slow = track([
    [400, false],
    [450, true],
  ]);
  const never = track([[800, false]]);
  expect(timeMeasurement([quick, slow], timed)).toMatchObject({
    kind: "measured",
    low: 290,
    high: 350,
    tracks: [quick, slow],
  });
  expect(timeMeasurement([quick, never], timed)).toMatchObject({ kind: "beyond", atLeast: 690 });
  expect(timeMeasurement([], timed)).toEqual({
    kind: "not-measured",
    measure: "p2p.connection",
    unit: "ms",
    reason: "two joins",
  });
});

test("Thinned looks settle as all of them do", () => {
  const looks: readonly Look[] = [
    [110, false],
    [120, false],
    [130, false],
    [140, true],
    [150, true],
    [160, true],
    [170, false],
    [180, true],
    [190, true],
  ];
  expect(thinned(looks)).toEqual([
    [110, false],
    [130, false],
    [140, true],
    [160, true],
    [170, false],
    [180, true],
    [190, true],
  ]);
  for (const holdMs of [0, 10, 20, 50]) {
    expect(settle(track(thinned(looks), { holdMs }))).toEqual(settle(track(looks, { holdMs })));
  }
});
