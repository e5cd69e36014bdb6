// What a rotated log has in it is compared with what was written, over random lives of the log and of who reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { liveThrough } from "../testing/rotated-life.ts";
import { life } from "../testing/rotated-life-arbitrary.ts";
import { rotationModes } from "../testing/rotated-log.ts";

const seed = Number(process.env.MYCLOUD_TEST_SEED ?? 6);
const numRuns = Number(process.env.MYCLOUD_TEST_RUNS ?? 10);

for (const mode of rotationModes) {
  test(`each line is read once and in order, whatever happens to a log that is rotated by ${mode}`, async () => {
    await fc.assert(
      fc.asyncProperty(life(mode), async (lived) => {
        const { read, expected } = await liveThrough(lived);
        assert.deepEqual(read, expected);
      }),
      // To be shrunk takes seconds for each try that fails.
      { numRuns, seed, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
  });
}

for (const mode of ["compress", "olddir compress"] as const) {
  const banner = { mode, isNamed: true, isKnown: true, maximumOpenFiles: 500, isGraceOver: true } as const;
  test(`a log of which only what every file begins with was read keeps its order when it goes while it is opened: ${mode}`, async () => {
    for (const [call, bannerBytes] of [3, 9, 10, 16].flatMap((at) => [[at, 30] as const, [at, 1500] as const])) {
      const steps = [{ do: "rotate at call", call, times: 2 } as const, { do: "stop", forgotten: 0 } as const];
      const { read, expected } = await liveThrough({ ...banner, bannerBytes, padding: 0, steps });
      assert.deepEqual(read, expected, `rotated at call ${call}, ${bannerBytes} bytes at the beginning`);
    }
  });
}

test("nothing is concluded from files that could not be looked into since the reader was stopped", async () => {
  for (const mode of ["compress", "xz"] as const) {
    const { read, expected } = await liveThrough({
      mode,
      steps: [
        { do: "look" },
        { do: "stop", forgotten: 3 },
        { do: "write", lines: 1 },
        { do: "rotate", lateLines: 1 },
        { do: "start" },
        { do: "rotate", lateLines: 1 },
        { do: "stop", forgotten: 0 },
        { do: "write", lines: 1 },
      ],
      padding: 0,
      bannerBytes: 1500,
      isNamed: true,
      isKnown: true,
      maximumOpenFiles: 500,
      isGraceOver: false,
    });
    assert.deepEqual(read, expected, mode);
  }
});
