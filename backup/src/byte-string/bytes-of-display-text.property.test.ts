import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, byteStringOf } from "./byte-string.ts";
import { bytesOfDisplayText } from "./bytes-of-display-text.ts";
import { displayText } from "./display-text.ts";

/** Bytes of every kind, and those that look like what text is escaped with. */
const names = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => byteStringOf(bytes)),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => byteString(text)),
  fc
    .array(fc.constantFrom("\\", "x", "5", "c", "\\x41", "ö", "\n", "\u202e", "\xff"), { maxLength: 12 })
    .map((parts) => byteString(parts.join(""))),
);

test("the text of any bytes leads back to just these bytes", () => {
  fc.assert(
    fc.property(names, (name) => assert.equal(bytesOfDisplayText(displayText(name)), name)),
    { numRuns: 2000 },
  );
});

test("a backslash that stands for nothing, and half a character, are no text of bytes", () => {
  for (const text of ["\\", "a\\b", "\\x4", "\\xg0", "\\\\\\", "\ud800"])
    assert.equal(bytesOfDisplayText(text), null, text);
});
