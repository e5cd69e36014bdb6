import assert from "node:assert/strict";
import { test } from "node:test";
import { runInTest } from "../run-in-test.ts";

test("uptime says when the host was started", async () => {
  const now = () => Date.UTC(2024, 0, 5, 12, 0, 0);
  const result = await runInTest("uptime", "", { now });
  assert.equal(result.output, "UPTIME OK - up 4 d 4 h, booted 2024-01-01 08:00 UTC");
});

for (const [line, returnCode] of [
  ["-w 5d:", 1],
  ["-w 1h: -c 10m:", 0],
  ["-w 1h:1d -c 2d", 2],
  ["-w 1x:", 3],
] as const) {
  test(`uptime of 100 hours with ${line} is ${returnCode}`, async () => {
    assert.equal((await runInTest("uptime", line)).returnCode, returnCode);
  });
}
