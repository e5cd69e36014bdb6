import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "./text-of.ts";

test("bytes are text in the encoding they are in, or none", () => {
  const cases: readonly [Uint8Array, string | null][] = [
    [Buffer.from("zoë\n"), "zoë\n"],
    [Buffer.from("zoë\n", "latin1"), "zoë\n"],
    [Buffer.from("\ufeffzoë\r\n", "utf16le"), "zoë\r\n"],
    [Buffer.from("\ufeffzoë", "utf8"), "zoë"],
    [Buffer.from(""), ""],
    [Buffer.from("\x1b[31mred\x1b[0m\f"), "\x1b[31mred\x1b[0m\f"],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), null],
    [Buffer.concat([Buffer.from("a".repeat(9000)), Buffer.from([0])]), null],
  ];
  for (const [bytes, text] of cases) assert.equal(textOf(bytes), text);
});
