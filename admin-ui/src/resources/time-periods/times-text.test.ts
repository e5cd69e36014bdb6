import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTimes, parseTimes, weeklyText } from "./times-text.ts";

test("times are read however they are separated, and written in one way", () => {
  for (const text of ["09:00-12:00, 13:00-17:00", "09:00 - 12:00;13:00–17:00", " 09:00-12:00  13:00-17:00,"]) {
    assert.deepEqual(parseTimes(text), ["09:00-12:00", "13:00-17:00"], text);
  }
  assert.deepEqual(parseTimes("nonsense"), ["nonsense"]);
  assert.equal(formatTimes(parseTimes("09:00-12:00;13:00-17:00")), "09:00-12:00, 13:00-17:00");
});

test("days alike are told together", () => {
  const day = ["09:00-17:00"];
  assert.equal(
    weeklyText({ monday: day, tuesday: day, wednesday: day, friday: day, saturday: ["10:00-14:00"], sunday: [] }),
    "Mon–Wed 09:00-17:00; Fri 09:00-17:00; Sat 10:00-14:00",
  );
  assert.equal(weeklyText({}), "never, but for exceptions");
});
