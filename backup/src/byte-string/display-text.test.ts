import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString, byteStringOf } from "./byte-string.ts";
import { displayText } from "./display-text.ts";

test("a name is shown as a person wrote it, and its odd bytes are escaped", () => {
  const cases: readonly [Uint8Array | string, string][] = [
    ["/home/ada/notes.txt", "/home/ada/notes.txt"],
    ["/home/zoë/日本 🎉", "/home/zoë/日本 🎉"],
    ["a\nb\tc", "a\\x0ab\\x09c"],
    ["back\\slash", "back\\\\slash"],
    ["\u202efdp.exe", "\\xe2\\x80\\xaefdp.exe"],
    [Uint8Array.of(0x61, 0xff, 0xfe), "a\\xff\\xfe"],
    [Uint8Array.of(0xed, 0xa0, 0x80), "\\xed\\xa0\\x80"],
    [Uint8Array.of(0xc0, 0xaf), "\\xc0\\xaf"],
    [Uint8Array.of(0xe2, 0x82), "\\xe2\\x82"],
  ];
  for (const [name, shown] of cases) {
    assert.equal(displayText(typeof name === "string" ? byteString(name) : byteStringOf(name)), shown);
  }
});

test("different names never look the same", () => {
  const escaped = displayText(byteString("\\x0a"));
  assert.notEqual(escaped, displayText(byteString("\n")));
});
