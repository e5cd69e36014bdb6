import fc from "fast-check";
import type { Life } from "./rotated-life.ts";

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("write" as const), lines: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("rotate" as const), lateLines: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: "look" as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("stop" as const), forgotten: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: "start" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("rotate at call" as const),
      call: fc.integer({ min: 0, max: 60 }),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("move clock" as const), seconds: fc.integer({ min: -7200, max: 7200 }) }),
  },
);

/** Lives of a log that is rotated in one way. */
export function life(mode: Life["mode"]): fc.Arbitrary<Life> {
  return fc.record({
    mode: fc.constant(mode),
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    padding: fc.constantFrom(0, 40, 700),
    bannerBytes: fc.constantFrom(0, 0, 30, 1500),
    isNamed: fc.boolean(),
    isKnown: mode.startsWith("olddir") ? fc.constant(true) : fc.boolean(),
    maximumOpenFiles: fc.constantFrom(1, 500),
    isGraceOver: fc.boolean(),
  });
}
