import assert from "node:assert/strict";
import { test } from "node:test";
import { createKernelClockReader } from "./index.ts";

test("the kernel's clock is read, and its ticks are as long as the kernel's are", {
  skip: process.platform !== "linux",
}, () => {
  const read = createKernelClockReader();
  assert.ok(read !== undefined);
  const clock = read();
  assert.ok(clock.state >= 0 && clock.state <= 5);
  // Around 10,000 microseconds: NTP may not bend it by more than a tenth.
  assert.ok(clock.tick >= 9_000 && clock.tick <= 11_000, String(clock.tick));
  assert.ok(clock.maximumError >= 0 && clock.taiOffset >= 0 && clock.taiOffset < 100);
});
