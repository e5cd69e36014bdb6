import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { parseFilesFrom, parseFilesFromRaw, parseFilesFromVerbatim, parsePatternFile } from "./pattern-file.ts";

const content = (text: string) => new TextEncoder().encode(text);

test("a pattern file has one pattern a line, comments, and variables of the environment", () => {
  const text = [
    "# a comment",
    "",
    "  *.o \t",
    "\u00a0*.tmp\u3000\r",
    " # also a comment",
    "$HOME/.cache",
    `\${HOME}x/$UNSET/$$literal`,
    `cost-$/5 and \${} and \${open`,
    "a#b",
  ].join("\n");
  assert.deepEqual(parsePatternFile(content(text), { HOME: "/home/zoë" }), [
    "*.o",
    "*.tmp",
    byteString("/home/zoë/.cache"),
    byteString("/home/zoëx//$literal"),
    "cost-$/5 and  and open",
    "a#b",
  ]);
});

test("a byte order mark says how a pattern file is written", () => {
  const expected = [byteString("naïve")];
  const utf16 = (isBigEndian: boolean) => {
    const bytes = Buffer.from("\ufeffnaïve\r\n", "utf16le");
    return isBigEndian ? bytes.swap16() : bytes;
  };
  for (const bytes of [content("\ufeffnaïve"), utf16(false), utf16(true)]) {
    assert.deepEqual(parsePatternFile(bytes, {}), expected);
    assert.deepEqual(parseFilesFrom(bytes), expected);
  }
});

test("bytes that are no text stay as they are", () => {
  const line = Uint8Array.of(0x2f, 0xff, 0xc3, 0x20, 0x0a);
  assert.deepEqual(parsePatternFile(line, {}), [byteStringOf(Uint8Array.of(0x2f, 0xff, 0xc3))]);
});

test("verbatim lists keep spaces and # and expand nothing; raw lists keep newlines", () => {
  assert.deepEqual(parseFilesFromVerbatim(content("# a\n\n b*c \r\n$HOME")), ["# a", " b*c ", "$HOME"]);
  assert.deepEqual(parseFilesFromRaw(content("a\nb\0c\0")), ["a\nb", "c"]);
  assert.deepEqual(parseFilesFromRaw(content("")), []);
});

test("a raw list with an empty path or without its last zero byte is refused", () => {
  for (const wrong of ["a", "a\0b", "a\0\0b\0", "\0"])
    assert.throws(() => parseFilesFromRaw(content(wrong)), InputError);
});
