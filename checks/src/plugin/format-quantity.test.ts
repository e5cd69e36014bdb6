import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBitRate, formatBytes, formatDuration, plural } from "./format-quantity.ts";
import { nearestName } from "./nearest-name.ts";
import { printable } from "./printable.ts";

test("bytes are shown in powers of 1024", () => {
  const shown = [0, 1023, 1536, 1024 ** 3 * 1.25, 1024 ** 4 * 250, 1024 ** 6].map(formatBytes);
  assert.deepEqual(shown, ["0 B", "1023 B", "1.5 KiB", "1.3 GiB", "250 TiB", "1024 PiB"]);
});

test("bit rates are shown in powers of 1000", () => {
  assert.deepEqual([0, 999, 94_120_000, 1e9].map(formatBitRate), ["0 bit/s", "999 bit/s", "94.1 Mbit/s", "1 Gbit/s"]);
});

test("durations are shown in their two largest units", () => {
  const shown = [0, 59, 60, 3_601, 90_061, 86_400 * 400].map(formatDuration);
  assert.deepEqual(shown, ["0 s", "59 s", "1 min", "1 h", "1 d 1 h", "400 d"]);
});

test("one is singular, all else plural", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => plural(count, "unit")),
    ["0 units", "1 unit", "2 units"],
  );
});

test("text from outside becomes one line without perfdata", () => {
  assert.equal(printable("a|b\r\nc\u0000\u001b[31md\u2028e"), "a/b c [31md e");
  assert.equal(printable("x".repeat(500), 10), "xxxxxxx...");
});

test("the nearest name is a slip away, or none", () => {
  const names = ["load", "disk", "diskio", "processes", "tls-certificate"];
  const near = ["laod", "disc", "process", "certificate", "xyzzy", "q"].map((typed) => nearestName(typed, names));
  assert.deepEqual(near, ["load", "disk", "processes", "tls-certificate", undefined, undefined]);
});
